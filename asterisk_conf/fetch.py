"""A private Asterisk: Debian's own packages, unpacked under the project, nothing installed on the machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from asterisk_conf.installation import PRIVATE, Installation, private

SUITE = "forky"  # the Debian release that carries Asterisk 22 (long-term support)
PACKAGES = ("asterisk", "asterisk-core-sounds-ru-wav", "asterisk-moh-opsound-wav")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
APT_SOURCES = Path("/etc/apt")
LAST_LINES = 12
Progress = Callable[[str], None]


class FetchFailed(RuntimeError):
    """The private Asterisk could not be fetched; the text says why and what to do."""


def fetch(project: Path, progress: Progress, *, apt: Path = APT_SOURCES) -> Installation:
    """Fetches the private Asterisk into `project`/var/asterisk, unless it is there. Takes 10-40 s.

    progress: is given a line at a time of what is being done. Blocks; call it in a thread. It is unpacked
    into a folder beside its place and renamed at the end, so an interrupted fetch leaves nothing that looks
    whole. apt: where the mirror is read from. Raises FetchFailed.
    """
    place = project.absolute() / PRIVATE
    there = private(place)
    if there is not None:
        return there
    program = shutil.which("mmdebstrap")
    if program is None:
        raise FetchFailed("mmdebstrap is missing; install it: apt-get install mmdebstrap")
    mirror = mirror_of(_apt_sources(apt))
    if mirror is None:
        raise FetchFailed("apt on this machine knows no Debian mirror; install Asterisk 20 or later yourself")
    place.parent.mkdir(parents=True, exist_ok=True)
    _clear_leftovers(place)
    with tempfile.TemporaryDirectory(prefix=f".{place.name}-{os.getpid()}-", dir=place.parent) as temporary:
        root = Path(temporary) / "root"
        progress("fetching a private Asterisk")
        _run(recipe(program, root, mirror, as_root=os.geteuid() == 0), progress)
        if private(root) is None:
            raise FetchFailed("the fetched Asterisk does not run on this machine's processor or kernel")
        root.chmod(0o755)
        if place.exists():
            shutil.rmtree(place)  # something that does not run
        root.rename(place)
    installation = private(place)
    if installation is None:
        raise FetchFailed(f"the Asterisk in {place} does not run")
    return installation


def recipe(program: str, root: Path, mirror: str, *, as_root: bool) -> list[str]:
    """The command. The mirror's release file may be past its date; its signature is still checked."""
    keyring = [f"--keyring={KEYRING}"] if KEYRING.is_file() else []
    return [
        program,
        # "chrootless" needs neither root nor the namespaces that many machines forbid
        f"--mode={'root' if as_root else 'chrootless'}",
        "--variant=extract",
        "--aptopt=Acquire::Check-Valid-Until false",
        "--aptopt=Acquire::Retries 3",
        *keyring,
        f"--include={','.join(PACKAGES)}",
        SUITE,
        str(root),
        mirror,
    ]


def mirror_of(sources: Iterable[str]) -> str | None:
    """The Debian mirror apt already uses, from the texts of its source files; None when there is none.

    Both forms are read: `deb [options] URL suite ...` and the `URIs:` field. Comments are passed over, and so
    are the security archive and other people's repositories, which carry no whole release.
    """
    found = [uri.rstrip("/") for text in sources for uri in _uris(text)]
    return next((uri for uri in found if re.search(r"/debian$", uri)), None)


def _uris(text: str) -> Iterable[str]:
    for line in text.splitlines():
        one_line = re.match(r"deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s", line)
        if one_line:
            yield one_line.group(1)
        if line.lower().startswith("uris:"):
            yield from line.partition(":")[2].split()


def _apt_sources(apt: Path) -> list[str]:
    folder = apt / "sources.list.d"
    files = [*sorted(folder.glob("*.sources")), apt / "sources.list", *sorted(folder.glob("*.list"))]
    return [file.read_text(encoding="utf-8", errors="replace") for file in files if file.is_file()]


def _clear_leftovers(place: Path) -> None:
    """Folders of fetches that were killed. One that still runs carries the pid of a living process."""
    for folder in place.parent.glob(f".{place.name}-*"):
        pid = folder.name.removeprefix(f".{place.name}-").split("-")[0]
        if not (pid.isdigit() and Path(f"/proc/{pid}").exists()):
            shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], progress: Progress) -> None:
    last: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        umask=0o022,  # whoever Asterisk runs as has to read it
    ) as process:
        assert process.stdout is not None  # noqa: S101 - we asked for the pipe
        try:
            for line in process.stdout:
                last.append(line.strip())
                if line.startswith("I: "):
                    progress(line.removeprefix("I: ").strip())
        except BaseException:
            process.terminate()
            raise
    if process.returncode != 0:
        raise FetchFailed(_why("\n".join(last)))


def _why(said: str) -> str:
    network = (
        "Could not resolve",
        "Temporary failure",
        "Could not connect",
        "Connection failed",
        "Unable to connect",
    )
    if any(sign in said for sign in network):
        return f"the Debian mirror cannot be reached; check the network or the proxy, then try again\n{said}"
    if "No space left" in said:
        return f"the disk is full; a private Asterisk needs 400 MB\n{said}"
    return f"mmdebstrap failed\n{said}"
