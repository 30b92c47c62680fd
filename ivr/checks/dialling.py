"""What can be dialled: the hotline's numbers and the operators' codes, none in another's way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import phonenumbers

from asterisk_conf.settings import MEANING
from ivr.checks.subject import Subject
from ivr.finding import Finding
from ivr.yaml_source import Steps

_SHORT = 6  # digits of an internal number
_LONGEST = 15  # digits of an international number (E.164)
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def dialling(subject: Subject) -> Iterator[Finding]:
    yield from _numbers(subject)
    yield from _codes(subject)
    yield from _pauses(subject)


def _numbers(subject: Subject) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    stems: dict[str, Path] = {}
    for place, entry in enumerate(subject.site.numbers):
        at = ("numbers", place)
        if entry.number in seen:
            sentence = (
                f"number {entry.number} stands here twice (entry {seen[entry.number] + 1}); keep one of them"
            )
            yield subject.error((*at, "number"), "number-twice", sentence)
        seen.setdefault(entry.number, place)
        yield from _number(subject, entry.number, (*at, "number"))
        if entry.language is not None:
            path = (*at, "language")
            yield from subject.unknown("languages", "language", entry.language, subject.site.languages, path)
        file = subject.site.menu_file(entry)
        if stems.setdefault(file.stem, file) != file:
            sentence = (
                f"two menus are called '{file.stem}' ({stems[file.stem].name} elsewhere); rename one file"
            )
            yield subject.error((*at, "menu"), "menu-twice", sentence)


def _number(subject: Subject, number: str, path: Steps) -> Iterator[Finding]:
    digits = re.sub(r"[\s().-]", "", number)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        sentence = f"'{number}' is not a telephone number; write +74951234567, or digits like 1000"
        yield subject.error(path, "number", sentence)
    elif digits != number:
        yield subject.error(path, "number", f"write the number with digits only: '{digits}', not '{number}'")
    elif digits.startswith("+"):
        yield from _international(subject, digits, path)
    elif len(digits) > _LONGEST:
        yield subject.error(
            path, "number", f"'{number}' is longer than any telephone number; check its digits"
        )
    elif len(digits) > _SHORT:
        sentence = (
            f"{number} must arrive exactly so from the trunk; with + and the country it is plain to everybody"
        )
        yield subject.warning(path, "number-national", sentence + _meant(digits))


def _international(subject: Subject, number: str, path: Steps) -> Iterator[Finding]:
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        yield subject.error(path, "number", f"'{number}' begins with no country's code; check its digits")
        return
    if not phonenumbers.is_possible_number(parsed):
        yield subject.error(
            path, "number", f"'{number}' has too few or too many digits for its country; check them"
        )
    elif not phonenumbers.is_valid_number(parsed):
        sentence = f"'{number}' is in no range that its country is known to have given out; check its digits"
        yield subject.warning(path, "number-range", sentence)


def _meant(digits: str) -> str:
    """A national number with Russia's 8, or an international one without its +."""
    for guess in ("+7" + digits[1:] if digits.startswith("8") else "", "+" + digits):
        try:
            if guess and phonenumbers.is_valid_number(phonenumbers.parse(guess)):
                return f": {guess}"
        except phonenumbers.NumberParseException:
            continue
    return ""


def _written(subject: Subject) -> Iterator[tuple[str, str, Steps]]:
    """(digits, what they are, where) of everything that can be dialled."""
    site = subject.site
    for place, entry in enumerate(site.numbers):
        yield entry.number, f"number {entry.number}", ("numbers", place, "number")
    for name in ("sign_in", "sign_out", "ready"):
        if (code := getattr(site.codes, name)) is not None:
            yield code, f"code {name}", ("codes", name)
    if site.codes.pause is not None:
        for name, pause in site.pauses.items():
            yield site.codes.pause + pause.code, f"pause '{name}'", ("pauses", name, "code")
        if not site.pauses:
            yield site.codes.pause, "code pause", ("codes", "pause")
    for part, entries in (("lines", site.lines), ("topics", site.topics)):
        for name, entry in entries.items():
            if entry.transfer_code is not None:
                yield entry.transfer_code, f"transfer to {part[:-1]} '{name}'", (part, name, "transfer_code")


def _codes(subject: Subject) -> Iterator[Finding]:
    """Two numbers may begin alike, they arrive whole; a code is typed, and the shorter one would win."""
    written = list(_written(subject))
    for place, (digits, what, path) in enumerate(written):
        alike = [(other, whose) for other, whose, _ in written[:place] if other == digits]
        if path[0] != "numbers" and alike:
            sentence = f"{digits} ({what}) is {alike[0][1]} already; choose another"
            yield subject.error(path, "code-twice", sentence)
        hidden = [
            f"{other} ({whose})"
            for other, whose, where in written
            if other != digits and other.startswith(digits) and {path[0], where[0]} != {"numbers"}
        ]
        if hidden:
            sentence = f"{digits} ({what}) is how {', '.join(hidden)} begins: it would hide it; change one"
            yield subject.error(path, "code-prefix", sentence)


def _pauses(subject: Subject) -> Iterator[Finding]:
    site = subject.site
    if site.pauses and site.codes.pause is None and "codes" not in subject.words:
        sentence = "no code begins a pause, so nobody can dial these; add codes: pause"
        yield subject.warning(("pauses",), "pause-code", sentence, key=True)
    if site.codes.pause is not None and not site.pauses and "pauses" not in subject.words:
        sentence = "the pause code needs a pause's digits after it, and there is no pause; add pauses"
        yield subject.warning(("codes", "pause"), "pause-code", sentence, key=True)
    names = [("pauses", name) for name in site.pauses]
    names += [("lines", name) for name, line in site.lines.items() if line.transfer_code is not None]
    names += [("topics", name) for name, topic in site.topics.items() if topic.transfer_code is not None]
    for path in names:
        if not _NAME.fullmatch(path[1]) or not MEANING.fullmatch(f"pause:{path[1]}"):
            sentence = (
                f"'{path[1]}' has a code, so its name goes to Asterisk: use Latin letters, digits, _ . -"
            )
            yield subject.error(path, "code-name", sentence, key=True)
