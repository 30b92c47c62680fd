"""Which Debian packages this machine lacks, and who may install them."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ivr.setup.problem import SetupProblem

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
POSTGRES = Path("/usr/lib/postgresql")
Program = Callable[[str], str | None]


def os_release(text: str | None = None) -> dict[str, str]:
    """Name and version of this distribution: the fields of /etc/os-release."""
    if text is None:
        path = Path("/etc/os-release")
        text = path.read_text("utf-8", "replace") if path.exists() else ""
    lines = (line.strip() for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {key: value.strip().strip("\"'") for key, _, value in pairs}


def missing(packages: Sequence[str], program: Program = shutil.which) -> list[str]:
    """Those of the packages whose work nothing on this machine can do. What another way brought in counts.

    program: finds a program on the path. No package is asked for by its name: that would take ten times as
    long as looking, on every start.
    """
    there: Mapping[str, Callable[[], object]] = {
        "python3-venv": lambda: importlib.util.find_spec("ensurepip"),
        "mmdebstrap": lambda: program("mmdebstrap"),
        "espeak-ng": lambda: program("espeak-ng"),
        "ca-certificates": CERTIFICATES.is_file,
        "postgresql": lambda: program("initdb") or next(POSTGRES.glob("*/bin/initdb"), None),
        "rhvoice": lambda: program("RHVoice-test"),
    }
    return [name for name in packages if not there[name]()]


def refuse_foreign(
    packages: Sequence[str], release: Mapping[str, str], program: Program = shutil.which
) -> None:
    """Raises SetupProblem on a machine whose packages we cannot install."""
    family = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if "debian" in family and program("apt-get"):
        return
    name = release.get("PRETTY_NAME", "this system")
    raise SetupProblem(
        f"{name} is not Debian or its like: install yourself what Debian calls {', '.join(packages)}, "
        "then try again"
    )


def as_root(packages: Sequence[str]) -> list[str]:
    """How a command is run as root: nothing for root, sudo for others. Raises SetupProblem without it.

    Asks for the password at the terminal, so call it before anything runs in the background.
    """
    if os.geteuid() == 0:
        return []
    by_hand = f"ask an administrator to run: apt-get install {' '.join(packages)}"
    if not shutil.which("sudo"):
        raise SetupProblem(f"Debian packages are missing, you are not root and there is no sudo: {by_hand}")
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    if os.isatty(0) and subprocess.run(["sudo", "-v"], check=False).returncode == 0:
        return ["sudo", "-n"]
    raise SetupProblem(f"Debian packages are missing and sudo was refused: {by_hand}")
