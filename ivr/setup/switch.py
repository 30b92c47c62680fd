"""Asterisk: whether one is here, and having a private one fetched beside the other work."""

from __future__ import annotations

import sys
from pathlib import Path

from asterisk_conf.fetch import FetchFailed, fetch
from asterisk_conf.installation import PRIVATE, SYSTEM_PATH, NoAsterisk, find
from ivr.setup.problem import SetupProblem
from ivr.setup.progress import Progress
from ivr.setup.run import Failed, Programs

PROGRAM = "usr/sbin/asterisk"  # below the private one's folder
PROBLEM = "problem: "


def ready(project: Path) -> bool:
    """By a look at files where that is enough: a start of Asterisk for its version takes longer than all the rest."""
    if (project / PRIVATE / PROGRAM).is_file():
        return True
    if not any((Path(folder) / "asterisk").is_file() for folder in SYSTEM_PATH.split(":")):
        return False
    try:
        find(project)
    except NoAsterisk:
        return False
    return True


def get(project: Path, programs: Programs, log: Path, progress: Progress) -> None:
    """Fetches the private one, in a process that can be ended. Raises SetupProblem, Stopped."""
    try:
        with progress.step("a private Asterisk"):
            argv = [sys.executable, "-m", "ivr.setup.switch", str(project)]
            programs.run(argv, log, env={"PYTHONPATH": str(project), "PYTHONDONTWRITEBYTECODE": "1"})
    except Failed as failed:
        lines = failed.said.splitlines()
        told = [line.removeprefix(PROBLEM) for line in lines if line.startswith(PROBLEM)] or lines[-1:]
        why = "; ".join([*told, f"details: {log}"])
        raise SetupProblem(f"Asterisk could not be fetched: {why}") from None


def _main(project: Path) -> None:
    try:
        fetch(project, lambda line: print(line, flush=True))
    except (FetchFailed, OSError) as error:
        why, _, said = str(error).partition("\n")
        sys.exit(f"{said}\n{PROBLEM}{why}")


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
