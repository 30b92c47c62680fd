"""What each command needs, in order; then the command itself, in the project's own Python."""

from __future__ import annotations

import fcntl
import importlib.util
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ivr.setup import debian, environment, voices
from ivr.setup.problem import SetupProblem
from ivr.setup.progress import step

TELEPHONY = {"demo", "up", "test", "doctor", "setup"}  # commands that run Asterisk or speak prompts
SWITCH = ("mmdebstrap", "espeak-ng", "ca-certificates")
TESTS = ("postgresql",)


def main(project: Path, arguments: Sequence[str]) -> None:
    """Sets up what is missing and becomes the command. Ends the process with 1 and one sentence on a problem."""
    command = next((word for word in arguments if not word.startswith("-")), "")
    try:
        prepare(project, command)
    except SetupProblem as problem:
        sys.exit(f"hotline: {problem}")
    except KeyboardInterrupt:
        sys.exit("\nhotline: stopped; run it again, it goes on where it was")
    except OSError as error:
        sys.exit(f"hotline: the set-up cannot write below {project / 'var'}: {error}")
    python = environment.python(project)
    # Our folders are found by path, never by what lies in the caller's present folder.
    env = {**os.environ, "PYTHONPATH": str(project), "PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
    os.execve(python, [str(python), "-m", "ivr.cli", *arguments], env)  # noqa: S606 - our own program


def prepare(project: Path, command: str) -> None:
    """Everything the command needs, installed once; a second copy that comes meanwhile waits."""
    wanted = _packages(command)
    if environment.ready(project) and not wanted and not _voices_due(project, command):
        return
    (project / "var").mkdir(exist_ok=True)
    log = project / "var" / "setup.log"
    with _one_at_a_time(project):
        if wanted := _packages(command):
            with step(f"installing {' '.join(wanted)}"):
                if "postgresql" in wanted:
                    debian.no_own_cluster(log)
                debian.install(wanted, log)
        if _voices_due(project, command):
            voices.install(project, log)
        if not environment.ready(project):
            environment.make(project, log)


def _packages(command: str) -> list[str]:
    names = [] if importlib.util.find_spec("ensurepip") else ["python3-venv"]
    if command in TELEPHONY:
        names += SWITCH
    if command == "test":
        names += TESTS
    if not names or os.environ.get("HOTLINE_NO_APT"):
        return []
    return debian.missing(names)


def _voices_due(project: Path, command: str) -> bool:
    return command in TELEPHONY and not os.environ.get("HOTLINE_NO_APT") and not voices.settled(project)


@contextmanager
def _one_at_a_time(project: Path) -> Iterator[None]:
    with (project / "var" / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("hotline: another copy is setting up; waiting for it", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
