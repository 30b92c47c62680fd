"""The project's own Python environment, from the committed lock file."""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

from ivr.setup.problem import SetupProblem
from ivr.setup.progress import step
from ivr.setup.run import Failed, run

FOLDER = "var/python"
NEWEST = (3, 12)  # the softphones' wheel is built up to this Python


def python(project: Path) -> Path:
    return project / FOLDER / "bin" / "python"


def ready(project: Path) -> bool:
    """Whether the environment is the lock file's. A changed lock makes a new environment."""
    stamp = project / FOLDER / "locked"
    return stamp.exists() and stamp.read_text() == _wanted(project) and python(project).exists()


def make(project: Path, log: Path) -> None:
    """Makes the environment anew. Raises SetupProblem."""
    if sys.version_info[:2] > NEWEST:
        raise SetupProblem(
            f"needs Python 3.11 or 3.12, this is {sys.version.split()[0]}: run it as `python3.12 ./hotline`"
        )
    folder = project / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    bin_folder = folder / "bin"
    try:
        with step("making the Python environment"):
            run([sys.executable, "-m", "venv", str(folder)], log)
            pip = [str(bin_folder / "python"), "-m", "pip", "--disable-pip-version-check", "install", "-q"]
            run([*pip, "--require-hashes", "-r", str(project / "requirements.bootstrap.lock")], log)
        with step("installing Python packages from requirements.lock"):
            uv = [str(bin_folder / "uv"), "pip", "install", "-q", "--require-hashes"]
            run([*uv, "--python", str(python(project)), "-r", str(project / "requirements.lock")], log)
    except Failed as failed:
        shutil.rmtree(folder, ignore_errors=True)
        raise SetupProblem(_explained(failed)) from failed
    (folder / "locked").write_text(_wanted(project))


def _wanted(project: Path) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.bootstrap.lock", "requirements.lock"):
        digest.update((project / name).read_bytes())
    return digest.hexdigest()


def _explained(failed: Failed) -> str:
    said = failed.said.lower()
    if any(word in said for word in ("resolve", "connection", "network", "timed out", "dns", "unreachable")):
        return (
            "the Python package index cannot be reached: check this machine's network and proxy, "
            f"then try again; details: {failed.log}"
        )
    if "no space" in said:
        return "the disk is full: about 1 GB is needed below var/"
    return f"the Python environment could not be made: {failed.said}; details: {failed.log}"
