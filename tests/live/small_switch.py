"""A real Asterisk with the least configuration that softphones need to talk: for tests of the phones alone."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from asterisk_conf.installation import find

PROJECT = Path(__file__).parents[2]

MODULES = """
res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_pjsip
res_pjsip_session res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_nat res_pjsip_refer res_pjsip_pubsub
res_pjsip_registrar res_pjsip_authenticator_digest res_pjsip_endpoint_identifier_ip
res_pjsip_endpoint_identifier_user res_pjsip_dlg_options chan_pjsip res_rtp_asterisk res_musiconhold
bridge_simple bridge_native_rtp bridge_softmix bridge_holding pbx_config app_dial app_playback app_read
app_record app_echo app_stack app_verbose func_channel func_callerid func_logic func_strings codec_ulaw
codec_alaw codec_a_mu codec_resample format_wav format_pcm format_sln
"""

ENDPOINT = """
[{name}]
type=endpoint
context={context}
disallow=all
allow=ulaw
direct_media={direct}
timers=no
auth={name}
aors={name}
allow_transfer=yes
[{name}]
type=auth
auth_type=userpass
username={name}
password={secret}
[{name}]
type=aor
max_contacts=1
remove_existing=yes
"""


def free_udp_port() -> int:
    """A UDP port nobody holds at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class SmallSwitch:
    """Asterisk with operators' and callers' accounts and a dialplan of the test's own. Use it with `with`."""

    def __init__(
        self,
        folder: Path,
        dialplan: str,
        operators: dict[str, str],
        callers: dict[str, str],
        direct: bool = True,
    ) -> None:
        self.folder = folder
        self._asterisk = find(PROJECT)
        self.port = free_udp_port()
        rtp = free_udp_port() // 2 * 2
        self._write("asterisk.conf", self._directories())
        loads = "".join(f"load={name}.so\n" for name in MODULES.split())
        self._write("modules.conf", "[modules]\nautoload=no\n" + loads)
        endpoints = "".join(
            ENDPOINT.format(name=name, secret=secret, context=context, direct="yes" if direct else "no")
            for context, accounts in (("phones", operators), ("in", callers))
            for name, secret in accounts.items()
        )
        self._write("pjsip.conf", self._transport() + endpoints)
        self._write("extensions.conf", dialplan)
        self._write("rtp.conf", f"[general]\nrtpstart={rtp}\nrtpend={min(rtp + 400, 65000)}\n")
        self._write("musiconhold.conf", f"[default]\nmode=files\ndirectory={self._asterisk.music}\n")
        self._write("logger.conf", "[general]\n[logfiles]\nmessages => notice,warning,error\n")
        self._write("features.conf", "[general]\n[featuremap]\n")
        for name in ("cdr", "cel"):
            self._write(f"{name}.conf", "[general]\nenable=no\n")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """The registrar, "host:port"."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> SmallSwitch:
        with (self.folder / "console").open("wb") as console:
            self._process = subprocess.Popen([*self._argv(), "-f"], stdout=console, stderr=console)
        deadline = time.monotonic() + 20
        while "fully booted" not in self.cli("core waitfullybooted"):
            assert time.monotonic() < deadline, (self.folder / "console").read_text()
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def cli(self, command: str) -> str:
        """What Asterisk's console answers to a command."""
        return subprocess.run(
            [*self._argv(), "-rx", command], capture_output=True, text=True, check=False
        ).stdout

    def _argv(self) -> list[str]:
        return [*self._asterisk.argv, "-C", str(self.folder / "etc/asterisk.conf")]

    def _write(self, name: str, text: str) -> None:
        path = self.folder / "etc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def _directories(self) -> str:
        own = {"astetcdir": "etc", "astvarlibdir": "lib", "astdbdir": "lib", "astkeydir": "lib"}
        own |= {"astspooldir": "spool", "astrundir": "run", "astlogdir": "log"}
        for name in own.values():
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        lines = [f"{key} => {self.folder / name}" for key, name in own.items()]
        lines.append(f"astmoddir => {self._asterisk.modules}")
        lines.append(f"astdatadir => {self._asterisk.data}")
        return (
            "[directories]\n" + "\n".join(lines) + "\n[options]\nnocolor=yes\ndocumentation_language=en_US\n"
        )

    def _transport(self) -> str:
        return f"[global]\ntype=global\n[udp]\ntype=transport\nprotocol=udp\nbind=127.0.0.1:{self.port}\n"
