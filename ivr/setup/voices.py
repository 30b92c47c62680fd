"""RHVoice, the better Russian voice: from Debian's non-free component, when this machine can have it."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from ivr.setup import debian
from ivr.setup.apt import Apt, sentence
from ivr.setup.problem import SetupProblem
from ivr.setup.progress import Progress
from ivr.setup.run import Failed

PACKAGES = ("rhvoice", "rhvoice-russian", "rhvoice-english")
SOURCE = Path("/etc/apt/sources.list.d/hotline-voices.sources")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
STAMP = "var/voices-tried"


def settled(project: Path) -> bool:
    """Whether RHVoice is here, or was tried for once, or is not wanted: prompts are spoken by espeak-ng then."""
    return (
        bool(os.environ.get("HOTLINE_NO_NONFREE"))
        or not debian.missing(PACKAGES[:1])
        or (project / STAMP).exists()
    )


def install(project: Path, apt: Apt, progress: Progress) -> None:
    """Tries once. A machine that cannot have it goes on with espeak-ng: that is told, and no failure."""
    try:
        with progress.step("the better voice, RHVoice (may fail)"):
            _offer_non_free(apt, progress)
            apt.install(PACKAGES)
    except (SetupProblem, Failed) as problem:
        give_up(project, progress, problem)


def give_up(project: Path, progress: Progress, why: Exception) -> None:
    """Says so, and that it is not tried at every start."""
    progress.say(f"prompts will be spoken by espeak-ng, without RHVoice: {why}")
    progress.say(f"to try RHVoice again remove {project / STAMP}")
    (project / STAMP).write_text("")


def source_text(sources: Iterable[str], codename: str) -> str:
    """An apt source for the non-free component of the mirror that this machine already uses.

    sources: the texts of apt's source files, in either form: `deb …` lines or deb822 stanzas.
    Empty when none of them serves `codename`.
    """
    for text in sources:
        for uri, suites, signed in (*_stanzas(text), *_lines(text)):
            if codename in suites:
                return (
                    "# RHVoice's packages; made by ./hotline, remove it freely\n"
                    f"Types: deb\nURIs: {uri}\nSuites: {codename}\nComponents: non-free\n"
                    f"Signed-By: {signed or KEYRING}\n"
                )
    return ""


def _stanzas(text: str) -> Iterator[tuple[str, list[str], str]]:
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = {key.strip().lower(): value.strip() for key, _, value in (x.partition(":") for x in lines)}
        if "uris" in fields and "deb" in fields.get("types", "").split():
            signed = fields.get(
                "signed-by", ""
            )  # empty when the key itself stands there, on lines of its own
            yield fields["uris"].split()[0], fields.get("suites", "").split(), signed


def _lines(text: str) -> Iterator[tuple[str, list[str], str]]:
    for line in text.splitlines():
        found = re.match(r"deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s", line)
        if found and not found["uri"].startswith("cdrom:"):
            signed = re.search(r"signed-by=(\S+)", found["options"] or "")
            yield found["uri"], [found["suite"]], signed[1] if signed else ""


def _offer_non_free(apt: Apt, progress: Progress) -> None:
    """Adds a source of our own when the packages are not on offer; the machine's own sources stay untouched."""
    if _on_offer():
        return
    release = debian.os_release()
    text = source_text(_apt_sources(), release.get("VERSION_CODENAME", ""))
    if release.get("ID") != "debian" or not text:
        raise SetupProblem("its packages are in Debian's non-free component, which apt does not know here")
    apt.place(text, SOURCE)
    # This source alone: the others' lists are here already.
    said = apt.update(
        *("-o", f"Dir::Etc::SourceList={SOURCE}"),
        *("-o", "Dir::Etc::SourceParts=-"),
        *("-o", "APT::Get::List-Cleanup=0"),
    )
    if said:
        apt.remove(SOURCE)
        raise SetupProblem(sentence(said, said, PACKAGES, apt.log))
    progress.say(f"added {SOURCE}: Debian's non-free component, for RHVoice")


def _on_offer() -> bool:
    asked = ["apt-cache", "--quiet=0", "policy", PACKAGES[0]]
    said = subprocess.run(
        asked, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    return bool(re.search(r"Candidate: \d", said.stdout))


def _apt_sources() -> list[str]:
    folder = Path("/etc/apt/sources.list.d")
    files = [*sorted(folder.glob("*.sources")), Path("/etc/apt/sources.list"), *sorted(folder.glob("*.list"))]
    return [file.read_text("utf-8", "replace") for file in files if file.is_file() and file != SOURCE]
