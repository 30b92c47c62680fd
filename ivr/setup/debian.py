"""Debian's packages: which are missing, and getting them, as root or through sudo."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ivr.setup.problem import SetupProblem
from ivr.setup.run import Failed, run

QUIET = {"DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "a", "LC_ALL": "C.UTF-8"}
LISTS = Path("/var/lib/apt/lists")


def os_release(text: str | None = None) -> dict[str, str]:
    """Name and version of this distribution: the fields of /etc/os-release."""
    if text is None:
        path = Path("/etc/os-release")
        text = path.read_text() if path.exists() else ""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key: value.strip('"') for key, _, value in pairs}


def missing(packages: Sequence[str]) -> list[str]:
    """Those of the packages that are not installed; all of them where there is no dpkg."""
    if not shutil.which("dpkg-query"):
        return list(packages)
    shown = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *packages],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    there = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [name for name in packages if name not in there]


def refuse_foreign(packages: Sequence[str]) -> None:
    """Raises SetupProblem on a machine whose packages we cannot install."""
    release = os_release()
    family = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if "debian" not in family or not shutil.which("apt-get"):
        name = release.get("PRETTY_NAME", "this system")
        raise SetupProblem(
            f"{name} is not Debian or its like: install what goes by these names on Debian yourself, "
            f"then try again with HOTLINE_NO_APT=1: {' '.join(packages)}"
        )


def install(packages: Sequence[str], log: Path) -> None:
    """Installs packages. Raises SetupProblem with the one thing to do about it."""
    refuse_foreign(packages)
    root = as_root(packages)
    apt = [*root, "env", *(f"{k}={v}" for k, v in QUIET.items()), "apt-get", "-o", "DPkg::Lock::Timeout=120"]
    try:
        if not _lists_are_there():
            run([*apt, "update", "--error-on=any"], log)
        try:
            run([*apt, "install", "-y", "--no-install-recommends", *packages], log)
        except Failed:
            run([*apt, "update"], log)  # the lists may be older than the mirror
            run([*apt, "install", "-y", "--no-install-recommends", *packages], log)
    except Failed as failed:
        raise SetupProblem(_explained(failed, packages)) from failed


def as_root(packages: Sequence[str]) -> list[str]:
    """How a command is run as root: nothing for root, sudo for others. Raises SetupProblem without it."""
    if os.geteuid() == 0:
        return []
    by_hand = f"ask an administrator to run: apt-get install {' '.join(packages)}"
    if not shutil.which("sudo"):
        raise SetupProblem(f"Debian packages are missing, you are not root and there is no sudo: {by_hand}")
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n"]
    if os.isatty(0) and subprocess.run(["sudo", "-v"], check=False).returncode == 0:
        return ["sudo"]
    raise SetupProblem(f"Debian packages are missing and sudo was refused: {by_hand}")


def _lists_are_there() -> bool:
    return any(LISTS.glob("*_Packages*")) if LISTS.is_dir() else False


def _explained(failed: Failed, packages: Sequence[str]) -> str:
    network = re.search(
        r"Temporary failure|Could not resolve|Could not connect|Connection (refused|timed out)"
        r"|Failed to fetch|Unable to fetch|Network is unreachable",
        failed.said,
    )
    if network:
        return (
            "the package mirror cannot be reached: check this machine's network and proxy "
            f"(apt-get update must work), then try again; details: {failed.log}"
        )
    return (
        f"Debian packages could not be installed ({' '.join(packages)}): {failed.said}; details: {failed.log}"
    )


def no_own_cluster(log: Path) -> None:
    """Keeps Debian's postgresql package from starting a server of its own: the tests start theirs."""
    settings = Path("/etc/postgresql-common/createcluster.conf")
    if settings.exists():
        return
    root = as_root(("postgresql",))
    part = log.with_name("createcluster.conf")
    part.write_text("create_main_cluster = false\n")
    run([*root, "install", "-D", "-m", "0644", str(part), str(settings)], log)
