"""A bare Debian 12 that costs nothing to have: a tree made once, and a fresh layer over it for each trial."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SUITE = "bookworm"
ON_BARE = "python3,git,ca-certificates,sudo"  # and what "minbase" means: apt and the essential packages
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
USERS = {"root": "/root", "anna": "/home/anna", "boris": "/home/boris"}  # anna may use sudo, boris may not
SOURCE = "/srv/hotline.bundle"
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
GIVE_UP = 1500.0  # seconds for one command

ENTER = """
mount -t overlay overlay -o lowerdir={lower},upperdir={home}/upper,workdir={home}/work {home}/root
cd {home}/root
mount -t proc proc proc
mount --rbind /sys sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run && mkdir -p run/lock
cp /etc/resolv.conf /etc/hosts etc/
{mounts}
exec chroot . {command}
"""


@dataclass(frozen=True)
class Said:
    """How a command ended. seconds: what it took. text: both its outputs."""

    code: int
    text: str
    seconds: float

    @property
    def sentence(self) -> str:
        """The last line of the launcher's."""
        lines = [line for line in self.text.splitlines() if line.startswith("hotline: ")]
        return lines[-1] if lines else self.text[-300:]


def make_tree(tree: Path, project: Path, mirror: str | None) -> None:
    """The bare system, once; the project's present commit in it is renewed each time."""
    if not (tree / "etc/debian_version").exists():
        shutil.rmtree(tree, ignore_errors=True)
        options = ["--variant=minbase", f"--include={ON_BARE}", "--aptopt=Acquire::Check-Valid-Until false"]
        subprocess.run(["mmdebstrap", *options, SUITE, str(tree), *([mirror] if mirror else [])], check=True)
        for user in ("anna", "boris"):
            subprocess.run(["chroot", str(tree), "useradd", "-m", "-s", "/bin/bash", user], check=True)
            (tree / USERS[user][1:]).chmod(0o700)
        (tree / "etc/sudoers.d/anna").write_text("anna ALL=(ALL) NOPASSWD: ALL\n")
    if CERTIFICATES.exists():  # a network may have a certificate of its own
        shutil.copy(CERTIFICATES, tree / CERTIFICATES.relative_to("/"))
    bundle = str(tree / SOURCE[1:])
    subprocess.run(["git", "-C", str(project), "bundle", "create", "-q", bundle, "HEAD"], check=True)


class Machine:
    """One machine. before: another one whose state this one begins with; that must not run any more."""

    def __init__(self, tree: Path, home: Path, before: Machine | None = None) -> None:
        self.home = home
        self._layers: list[Path] = [before.home / "upper", *before._layers] if before else [tree]
        for name in ("upper", "work", "root"):
            (home / name).mkdir(parents=True)

    def start(
        self,
        command: str,
        *,
        user: str = "root",
        network: bool = True,
        mounts: str = "",
        env: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[str]:
        """A shell command of this user, in his home. mounts: shell commands of the machine's, before it.

        Everything ends with it: it is the first process of a process namespace of its own.
        """
        given = {
            "HOME": USERS[user],
            "USER": user,
            "TERM": "dumb",
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            **{name: os.environ[name] for name in PROXIES if name in os.environ},
            **(env or {}),
        }
        words = ["env", "-i", *(f"{k}={v}" for k, v in given.items() if v)]
        words = (
            ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", *words]
            if user != "root"
            else words
        )
        words += ["bash", "-c", f"cd {USERS[user]} || exit 1; {command}"]
        script = ENTER.format(
            lower=":".join(map(str, self._layers)), home=self.home, mounts=mounts, command=shlex.join(words)
        )
        unshare = ["unshare", "--mount", "--propagation=private", "--pid", "--fork", "--kill-child"]
        return subprocess.Popen(
            [*unshare, *([] if network else ["--net"]), "bash", "-euc", script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def run(self, command: str, **how: object) -> Said:
        begun = time.monotonic()
        process = self.start(command, **how)  # pyright: ignore[reportArgumentType]
        try:
            text, _ = process.communicate(timeout=GIVE_UP)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return Said(process.returncode, text, time.monotonic() - begun)

    def clone(self, user: str = "root", folder: str = "hotline") -> None:
        """The project as anybody gets it."""
        said = self.run(f"git clone -q {SOURCE} {shlex.quote(folder)}", user=user)
        if said.code:
            raise RuntimeError(said.text)

    def remove(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)


def together(machine: Machine, commands: Sequence[str]) -> list[Said]:
    """Several at once on one machine: they share its processes and files."""
    parts = (
        f"{{ ({one}) > /tmp/said-{n} 2>&1; echo $? > /tmp/code-{n}; }} &" for n, one in enumerate(commands)
    )
    whole = machine.run(f"{' '.join(parts)} wait")
    said = machine.run("; ".join(f"cat /tmp/code-{n}" for n in range(len(commands)))).text.split()
    texts = [machine.run(f"cat /tmp/said-{n}").text for n in range(len(commands))]
    return [Said(int(code), text, whole.seconds) for code, text in zip(said, texts, strict=True)]
