"""What each command needs, what of it is missing, getting it; then the command itself, in the project's Python."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ivr.setup import debian, environment, switch, voices
from ivr.setup.apt import Apt, no_own_cluster
from ivr.setup.lanes import end_like_ctrl_c, together
from ivr.setup.place import refuse_unfit
from ivr.setup.problem import SetupProblem
from ivr.setup.progress import Progress
from ivr.setup.run import Failed, Programs, Stopped

BEGUN = time.monotonic()
TELEPHONY = {"demo", "up", "test", "setup"}  # commands that run Asterisk and speak prompts
HELP = {"", "-h", "--help", "--version"}
ROOM = {"environment": 700, "switch": 450}  # MB below var/, measured, a little more
FIRST_WORDS = """\
A telephone hotline: menus, a distributor of calls to operators, and the proof that the wait is short.

  ./hotline demo   a whole hotline at work on this machine, with softphones that call, wait and talk
  ./hotline up     a hotline for people's own softphones
  ./hotline test   every check of the project
  ./hotline setup  only install what these need

Nothing is installed yet. The first of these installs, on Debian 12: Debian packages (as root or with sudo),
and below var/ Python packages and an Asterisk. Afterwards `./hotline --help` lists all commands.
"""


@dataclass(frozen=True)
class Missing:
    """What a command needs and this machine has not."""

    packages: tuple[str, ...] = ()
    environment: bool = False
    switch: bool = False
    voices: bool = False

    def __bool__(self) -> bool:
        return bool(self.packages or self.environment or self.switch or self.voices)

    @property
    def room(self) -> int:
        """MB that will be written below var/."""
        return ROOM["environment"] * self.environment + ROOM["switch"] * self.switch


def main(project: Path, arguments: Sequence[str]) -> None:
    """Sets up what is missing and becomes the command. Ends the process with 1 and one sentence on a problem."""
    command = arguments[0] if arguments else ""
    try:
        if command in HELP and not environment.ready(project):
            print(FIRST_WORDS, end="")
            return
        prepare(project, command)
        if command == "setup":
            print("hotline: everything is here")
            return
        _become(project, command, arguments)
    except SetupProblem as problem:
        sys.exit(f"hotline: {problem}")
    except Failed as failed:
        sys.exit(f"hotline: {failed}; details: {failed.log}")
    except (KeyboardInterrupt, Stopped):
        print("\nhotline: stopped; run it again, it goes on where it was", file=sys.stderr, flush=True)
        os._exit(130)  # threads that wait for dpkg must not keep the terminal
    except OSError as error:
        sys.exit(
            f"hotline: the set-up cannot write below {project / 'var'}: {error.strerror}; {_way_out(project)}"
        )


def missing(project: Path, command: str) -> Missing:
    """Looks only at files: this is done at every start."""
    no_environment = not environment.ready(project)
    packages: list[str] = ["python3-venv"] if no_environment else []
    if command not in TELEPHONY:
        return Missing(tuple(debian.missing(packages)), no_environment)
    no_switch = not switch.ready(project)
    packages += ["mmdebstrap"] if no_switch else []
    packages += ["espeak-ng", "ca-certificates"]
    packages += ["postgresql"] if command == "test" else []
    by_hand = bool(os.environ.get("HOTLINE_NO_APT"))
    return Missing(
        packages=() if by_hand else tuple(debian.missing(packages)),
        environment=no_environment,
        switch=no_switch,
        voices=not by_hand and not voices.settled(project),
    )


def prepare(project: Path, command: str) -> None:
    """Everything the command needs, installed once; a second copy that comes meanwhile waits."""
    if not missing(project, command):
        return
    if command in TELEPHONY:
        refuse_unfit(project)
    (project / "var").mkdir(exist_ok=True)
    end_like_ctrl_c()
    with _one_at_a_time(project) as held:
        if lacking := missing(project, command):  # the copy we waited for may have brought it
            _get(project, lacking, Programs(held))


def _get(project: Path, lacking: Missing, programs: Programs) -> None:
    """Debian's packages first, as the others need them; then the rest side by side."""
    logs, progress = project / "var" / "setup", Progress()
    _room(project, lacking.room)
    apt = _apt(project, lacking, programs, logs, progress)
    if apt and lacking.packages:
        together([lambda: _packages(apt, lacking.packages, progress)], programs)
    pieces: list[Callable[[], None]] = []
    if lacking.switch:
        pieces.append(lambda: switch.get(project, programs, logs / "asterisk.log", progress))
    if lacking.environment:
        pieces.append(lambda: environment.make(project, programs, logs / "python.log", progress))
    if lacking.voices and apt:
        pieces.append(lambda: voices.install(project, apt, progress))
    together(pieces, programs)


def _packages(apt: Apt, packages: Sequence[str], progress: Progress) -> None:
    with progress.step(f"Debian packages: {' '.join(packages)}"):
        if "postgresql" in packages:
            no_own_cluster(apt)
        apt.install(packages)


def _apt(project: Path, lacking: Missing, programs: Programs, logs: Path, progress: Progress) -> Apt | None:
    """None when nothing is wanted of it. Raises SetupProblem unless only the better voice needed it."""
    wanted = (*lacking.packages, *(voices.PACKAGES if lacking.voices else ()))
    if not wanted:
        return None
    try:
        debian.refuse_foreign(lacking.packages or wanted, debian.os_release())
        return Apt(programs, debian.as_root(lacking.packages or wanted), logs / "debian.log")
    except SetupProblem as problem:
        if lacking.packages:
            raise
        voices.give_up(project, progress, problem)
        return None


def _room(project: Path, megabytes: int) -> None:
    free = shutil.disk_usage(project / "var").free // 1_000_000
    if free < megabytes:
        raise SetupProblem(
            f"the disk is too full: {megabytes} MB are needed below {project / 'var'}, {free} MB are free; "
            "make room, then try again"
        )


def _become(project: Path, command: str, arguments: Sequence[str]) -> None:
    python = str(environment.python(project))
    # Our folders are found by path, never by what lies in the caller's present folder.
    env = {**os.environ, "PYTHONPATH": str(project), "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
    if command == "demo":  # which tells when the first call was answered; all processes share this clock
        env["HOTLINE_BEGUN"] = str(BEGUN)
    for name in ("PYTHONHOME", "PYTHONSTARTUP"):
        env.pop(name, None)
    os.execve(python, [python, "-m", "ivr.cli", *arguments], env)  # noqa: S606 - our own program


def _way_out(project: Path) -> str:
    var = project / "var"
    if var.exists() and var.stat().st_uid != os.geteuid():
        return f"{var} is another user's: run it as that user, or copy the project into a folder of yours"
    return "copy the project into a folder where you may write"


@contextmanager
def _one_at_a_time(project: Path) -> Iterator[int]:
    """Gives the lock's descriptor."""
    with (project / "var" / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("hotline: another copy is setting up; waiting for it", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()
