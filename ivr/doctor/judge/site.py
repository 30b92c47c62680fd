"""The site file and its menus, as `./hotline check` sees them, and whether the running hotline knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ivr.doctor.finding import Finding, Trouble, well
from ivr.finding import Finding as SiteFinding

AREA = "Site"
JUDGED_HERE = {"rtp-small"}  # the doctor says it with more care
SHOWN = 5

WRONG = Trouble(
    "site-error", AREA, "site file", "error",
    "{finding}",
    "mend it as the sentence says; ./hotline check {file} shows all findings",
    "A site with an error does not start, and a reload changes nothing.",
)  # fmt: skip
MORE = Trouble(
    "site-errors-more", AREA, "site file", "error",
    "and {count} more",
    "./hotline check {file} shows them",
    "Only the first findings are shown here.",
)  # fmt: skip
DOUBTFUL = Trouble(
    "site-warning", AREA, "site file", "warning",
    "{finding}",
    "see the sentence; ./hotline check {file} shows all findings",
    "The checker's warnings: the hotline starts with them.",
)  # fmt: skip
CHANGED = Trouble(
    "site-changed", AREA, "site file", "warning",
    "its menus or rules were changed since they were last put into force ({there}, in force {running})",
    "./hotline reload --name {name}",
    "Calls are served by the version that was loaded last.",
)  # fmt: skip
OTHER = Trouble(
    "site-other", AREA, "site file", "warning",
    "{name} runs with {running}, not with {asked}",
    "./hotline doctor {running} --name {name}, or another --name",
    "The doctor looks at the file that is in force.",
)  # fmt: skip
SPEECHLESS = Trouble(
    "language-without-phrases", AREA, "languages", "error",
    "the hotline has no sentences of its own in '{language}' (it knows {known})",
    "leave '{language}' out of languages:, or add its sentences to speech/saying/phrases.py",
    "Place in the queue, waiting time and confirmations are said by the hotline itself.",
)  # fmt: skip
TROUBLES = (WRONG, MORE, DOUBTFUL, CHANGED, OTHER, SPEECHLESS)


@dataclass(frozen=True)
class SiteFacts:
    """file: the site file looked at. asked: the one on the command line, when it is another one.

    version: of the file, None when it has errors. running: the version in force, None when it does not run.
    now: the site's local time.
    """

    name: str
    file: str
    findings: tuple[SiteFinding, ...]
    asked: str = ""
    version: str | None = None
    running: str | None = None
    timezone: str = ""
    now: datetime | None = None
    languages: tuple[str, ...] = ()
    phrases_in: tuple[str, ...] = ()


def judge(seen: SiteFacts) -> Iterator[Finding]:
    if seen.asked:
        yield OTHER(name=seen.name, running=seen.file, asked=seen.asked)
    findings = [one for one in seen.findings if one.code not in JUDGED_HERE]
    wrong = [one for one in findings if one.severity == "error"]
    for one in wrong[:SHOWN]:
        yield WRONG(finding=one, file=seen.file)
    if len(wrong) > SHOWN:
        yield MORE(count=len(wrong) - SHOWN, file=seen.file)
    if not wrong:
        yield well(AREA, "site file", f"{seen.file}: no errors")
    for one in findings:
        if one.severity == "warning":
            yield DOUBTFUL(finding=one, file=seen.file)
    if seen.version and seen.running and seen.version != seen.running:
        yield CHANGED(name=seen.name, there=seen.version, running=seen.running)
    yield from _languages(seen)
    if seen.now is not None:
        yield well(AREA, "time zone", f"{seen.timezone}: it is {seen.now:%H:%M on %A, %d %B %Y} there")


def _languages(seen: SiteFacts) -> Iterator[Finding]:
    strange = [one for one in seen.languages if one not in seen.phrases_in]
    for language in strange:
        yield SPEECHLESS(language=language, known=", ".join(seen.phrases_in))
    if seen.languages and not strange:
        yield well(AREA, "languages", f"{', '.join(seen.languages)}: the hotline's own sentences are there")
