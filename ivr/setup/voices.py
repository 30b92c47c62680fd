"""RHVoice, the better Russian voice: from Debian's non-free component, when this machine can have it."""

from __future__ import annotations

import sys
from pathlib import Path

from ivr.setup import debian
from ivr.setup.problem import SetupProblem
from ivr.setup.progress import step
from ivr.setup.run import Failed, run

PACKAGES = ("rhvoice", "rhvoice-russian", "rhvoice-english")
SOURCE = Path("/etc/apt/sources.list.d/hotline-voices.sources")
DEBIAN_SOURCES = Path("/etc/apt/sources.list.d/debian.sources")
STAMP = "var/voices-tried"


def settled(project: Path) -> bool:
    """Whether RHVoice is here, or was tried for once: prompts are spoken by espeak-ng then."""
    return (project / STAMP).exists() or not debian.missing(PACKAGES)


def install(project: Path, log: Path) -> None:
    """Tries once. A machine that cannot have it goes on with espeak-ng: that is told, and no failure."""
    (project / "var").mkdir(exist_ok=True)
    try:
        with step(f"installing {' '.join(PACKAGES)} (the better voice; may fail)"):
            root = debian.as_root(PACKAGES)
            _offer_non_free(root, log)
            debian.install(PACKAGES, log)
    except (SetupProblem, Failed) as problem:
        print(f"hotline: prompts will be spoken by espeak-ng: {problem}", file=sys.stderr, flush=True)
        print(f"hotline: to try RHVoice again remove {project / STAMP}", file=sys.stderr, flush=True)
    (project / STAMP).write_text("")


def source_text(debian_sources: str, codename: str) -> str:
    """An apt source for the non-free component of the mirror that this machine already uses.

    debian_sources: the text of debian.sources (deb822). Empty when no stanza serves `codename`.
    """
    for stanza in debian_sources.split("\n\n"):
        lines = [line for line in stanza.splitlines() if line and not line.startswith("#")]
        fields = dict(line.split(":", 1) for line in lines if ":" in line)
        if codename in fields.get("Suites", "").split():
            signed = fields.get("Signed-By", " /usr/share/keyrings/debian-archive-keyring.gpg").strip()
            uris = fields["URIs"].strip()
            return (
                "# RHVoice's packages; made by ./hotline, remove it freely\n"
                f"Types: deb\nURIs: {uris}\nSuites: {codename}\nComponents: non-free\nSigned-By: {signed}\n"
            )
    return ""


def _offer_non_free(root: list[str], log: Path) -> None:
    """Adds a source of our own when the packages are not on offer; the machine's own sources stay untouched."""
    try:
        run(["apt-cache", "show", PACKAGES[0]], log)
        return
    except Failed:
        pass
    sources = DEBIAN_SOURCES.read_text() if DEBIAN_SOURCES.exists() else ""
    text = source_text(sources, debian.os_release().get("VERSION_CODENAME", ""))
    if not text:
        raise SetupProblem("its packages are in Debian's non-free component, which apt does not know here")
    part = log.with_name("voices.sources")
    part.write_text(text)
    run([*root, "install", "-m", "0644", str(part), str(SOURCE)], log)
    run([*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "update"], log)
