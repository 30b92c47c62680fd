"""The project's own Python environment, from the committed lock files.

Each pair of lock files has a folder of its own, and `var/python` points to the one in force. So a change of the
lock takes nothing away from a hotline that runs: it goes on with the folder it began with.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from ivr.setup.debian import CERTIFICATES
from ivr.setup.problem import SetupProblem
from ivr.setup.progress import Progress
from ivr.setup.run import Failed, Programs
from ivr.setup.said import Trouble, trouble

LINK = "var/python"
LOCKS = ("requirements.bootstrap.lock", "requirements.lock")
STAMP = "locked"
WHEELS = (Path("/usr/share/python-wheels"), Path(os.__file__).parent / "ensurepip" / "_bundled")
LOADS = "import ivr.app, ivr.demo.command, ivr.keeper, softphone_sim.pjsua_phone"


def python(project: Path) -> Path:
    """The environment's interpreter, by a path that keeps its meaning when `var/python` is pointed elsewhere."""
    return Path(os.path.realpath(project / LINK)) / "bin" / "python"


def ready(project: Path) -> bool:
    """Whether the environment is the lock files' and whole: a changed lock or Python and a lost package show."""
    interpreter = python(project)
    folder = interpreter.parent.parent
    try:
        stamp = json.loads((folder / STAMP).read_text())
        packages = set(os.listdir(folder / stamp["packages_in"]))  # noqa: PTH208 - all names at once
        return (
            stamp["locks"] == _digest(project)
            and stamp["interpreter"] == os.path.realpath(interpreter)
            and os.access(interpreter, os.X_OK)
            and packages.issuperset(stamp["packages"])
        )
    except (OSError, ValueError, KeyError, TypeError):  # a stamp that is not whole is none
        return False


def make(project: Path, programs: Programs, log: Path, progress: Progress) -> None:
    """Makes the environment and points `var/python` to it. Raises SetupProblem, Stopped."""
    folder = project / f"var/python-{_digest(project)[:12]}"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with progress.step("Python packages from requirements.lock"):
            _fill(project, folder, programs, log)
    except Failed as failed:
        raise SetupProblem(sentence(failed.said, failed.log)) from None
    _stamp(project, folder)
    _point(project / LINK, folder)


def _fill(project: Path, folder: Path, programs: Programs, log: Path) -> None:
    """uv comes first, by the pip that is Debian's; all else by uv, which takes a tenth of pip's time."""
    trusted = _trusted()
    interpreter, tools = str(folder / "bin" / "python"), folder / "tools"
    programs.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], log)
    bootstrap, lock = (str(project / name) for name in LOCKS)
    pip = [interpreter, str(_pip() / "pip"), "install", "--no-input", "--disable-pip-version-check"]
    polite = ["--retries", "2", "--no-warn-script-location", "--root-user-action", "ignore"]
    programs.run(
        [*pip, *polite, "--require-hashes", "--target", str(tools), "-r", bootstrap], log, env=trusted
    )
    uv = [str(tools / "bin" / "uv"), "pip", "install", "--require-hashes", "--no-progress", "--no-config"]
    programs.run([*uv, "--python", interpreter, "-r", lock], log, env=trusted)
    # A first start in one second instead of three, and a library this machine lacks is found now.
    programs.run([interpreter, "-c", LOADS], log, env={"PYTHONPATH": str(project)})


def _pip() -> Path:
    """The wheel of pip that every Python brings for its environments; pip runs from inside it. Raises SetupProblem."""
    found = next((one for folder in WHEELS for one in sorted(folder.glob("pip-*.whl"))), None)
    if found is None:
        raise SetupProblem("this Python cannot make environments: install Debian's python3-venv or its like")
    return found


def _trusted() -> dict[str, str]:
    """The machine's certificates decide, as for every other program on it; a person's own setting goes first."""
    if not CERTIFICATES.is_file():
        return {}
    names = ("PIP_CERT", "SSL_CERT_FILE")
    return {name: str(CERTIFICATES) for name in names if name not in os.environ}


def _stamp(project: Path, folder: Path) -> None:
    packages = next(folder.glob("lib/python3.*/site-packages"))
    stamp = {
        "locks": _digest(project),
        "interpreter": os.path.realpath(folder / "bin" / "python"),
        "packages_in": str(packages.relative_to(folder)),
        "packages": sorted(one.name for one in packages.iterdir() if one.name != "__pycache__"),
    }
    (folder / STAMP).write_text(json.dumps(stamp))


def _point(link: Path, folder: Path) -> None:
    """In one step. What was in force before is kept, as it may be in use; what is older goes."""
    before = Path(os.path.realpath(link)).name
    new = link.with_name(f".{link.name}-{os.getpid()}")
    new.unlink(missing_ok=True)
    new.symlink_to(folder.name)
    if link.is_dir() and not link.is_symlink():
        before = f"{link.name}-before"
        shutil.rmtree(link.with_name(before), ignore_errors=True)
        link.rename(link.with_name(before))
    new.replace(link)
    for other in _others(link, {folder.name, before}):
        shutil.rmtree(other, ignore_errors=True)


def _others(link: Path, kept: Iterable[str]) -> list[Path]:
    return [one for one in link.parent.glob(f"{link.name}-*") if one.name not in kept]


def _digest(project: Path) -> str:
    digest = hashlib.sha256()
    for name in LOCKS:
        digest.update((project / name).read_bytes())
    return digest.hexdigest()


def sentence(said: str, log: Path) -> str:
    """What to tell the person. said: the last lines of pip, uv or Python."""
    sentences = {
        Trouble.NETWORK: "the Python package index cannot be reached: check this machine's network and proxy, "
        "then try again",
        Trouble.DISK: "the disk is full: about 1 GB is needed below var/",
        Trouble.CERTIFICATE: "the Python package index's certificate is not trusted: install your network's "
        "certificate on this machine (update-ca-certificates) or name it in SSL_CERT_FILE and PIP_CERT",
        Trouble.NOT_THE_SAME: "a downloaded Python package is not the one that requirements.lock names: the index "
        "or something on the way changed it; use another index",
        Trouble.PROCESSOR: "some Python package has no ready-made form for this processor and Python: "
        "use Python 3.11 or 3.12 on x86-64",
    }
    last = [line for line in said.splitlines() if re.search(r"\w", line)] or ["nothing was said"]
    told = sentences.get(trouble(said)) or f"the Python environment could not be made: {last[-1].strip()}"
    return f"{told}; details: {log}"
