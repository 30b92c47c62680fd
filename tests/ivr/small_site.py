"""A small hotline without a mistake, and a way to make one in it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ivr.finding import Finding
from ivr.site_check import check

SITE = """\
name: {ru: Линия, en: Hotline}
languages: [ru, en]
timezone: Europe/Moscow
numbers:
  - {number: "1000", menu: menus/main.yaml}
hours:
  reception:
    weekly: {mon-fri: "08:00-20:00", sat: ["09:00-12:00", "13:00-18:00"]}
    holidays: RU
    closed: ["2026-12-31"]
    open: {"2027-01-04": "10:00-15:00"}
lines:
  first: {title: {ru: Первая, en: First}, ring_timeout: 8, wrap_up: 3}
  second: {title: {ru: Вторая, en: Second}, transfer_code: "*72"}
topics:
  medical:
    title: {ru: Помощь, en: Help}
    line: first
    rings:
      - {needs: {medicine: 3}}
      - {after: 10, needs: {medicine: 2}}
  general:
    title: {ru: Вопросы, en: Questions}
    line: second
    needs: {talking: 1}
operators:
  - {id: op1, name: Анна, lines: [first], skills: {medicine: 3}}
  - {id: op2, name: Борис, lines: [second], skills: {talking: 1}, languages: [ru, en]}
pauses:
  lunch: {code: 1, title: {ru: обед, en: lunch}}
codes: {sign_in: "*10", sign_out: "*11", ready: "*12", pause: "*2"}
routing: {ageing: 60, wanted_operator_for: 30}
telephony:
  sip: {bind: 127.0.0.1, port: 5060}
  rtp: {from: 10000, to: 10199}
  expected_calls: 30
  phones_from: ["127.0.0.0/8"]
  callers: [caller1]
  trunks: []
database: sqlite
prompts:
  recorded: prompts
"""

MENU = """\
start: greeting
nodes:
  greeting:
    say: {ru: Здравствуйте, en: Hello}
    next: hours
  hours:
    branch:
      on: hours
      cases: {reception: topic}
      otherwise: bye
  topic:
    menu:
      ask: {ru: Нажмите 1 или 2, en: Press 1 or 2}
      choices:
        help: {key: "1", next: card}
        other: {key: "2", next: to_general}
      no_input: {say: {ru: Не слышно, en: Nothing heard}, then: to_general}
      no_match: {say: [], then: to_general}
  card:
    collect:
      ask: {ru: Номер карты, en: Card number}
      store: card
      digits: {min: 1, max: 6}
      no_input: {then: to_medical}
      no_match: {then: to_medical}
      next: to_medical
  to_medical: {enqueue: {topic: medical}}
  to_general: {enqueue: {topic: general, when_full: bye, next: bye}}
  bye:
    say: {ru: До свидания, en: Goodbye}
    next: end
  end: {hangup: {}}
"""

FILES = {"site.yaml": SITE, "menus/main.yaml": MENU}


class Mistake(NamedTuple):
    """One change that makes one finding.

    what: a sentence, the test's name. file, old, new: what is replaced by what, once. code: the finding's.
    at: the line the finding stands in, by a piece of its text ("" for a file as a whole). says: pieces of
    the sentence.
    """

    what: str
    file: str
    old: str
    new: str
    code: str
    at: str
    says: tuple[str, ...]
    severity: str = "error"


def in_site(
    what: str, old: str, new: str, code: str, says: tuple[str, ...], at: str = "", severity: str = "error"
) -> Mistake:
    return Mistake(what, "site.yaml", old, new, code, at or new.splitlines()[0], says, severity)


def in_menu(
    what: str, old: str, new: str, code: str, says: tuple[str, ...], at: str = "", severity: str = "error"
) -> Mistake:
    return Mistake(what, "menus/main.yaml", old, new, code, at or new.splitlines()[0], says, severity)


def written(folder: Path, *mistakes: Mistake) -> Path:
    """The small hotline with these mistakes, in a folder; returns its site file."""
    texts = dict(FILES)
    for one in mistakes:
        assert texts[one.file].count(one.old) == 1, f"{one.old!r} must stand there once"
        texts[one.file] = texts[one.file].replace(one.old, one.new)
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder / "site.yaml"


def line_of(file: Path, text: str) -> int:
    """The number of the only line with this text; 0 for none asked for."""
    found = [number for number, line in enumerate(file.read_text("utf-8").splitlines(), 1) if text in line]
    assert len(found) == 1, f"{text!r} must stand in one line of {file.name}, not {found}"
    return found[0]


def assert_found(folder: Path, mistake: Mistake, findings: list[Finding]) -> None:
    """The mistake has its finding: its kind, gravity, file and line, and what it must say."""
    file = folder / mistake.file
    alike = [one for one in findings if one.code == mistake.code and one.file == str(file)]
    assert alike, f"{mistake.what}: {[str(one) for one in findings]}"
    line = line_of(file, mistake.at)
    here = [one for one in alike if one.line == line]
    assert here, f"{mistake.what}: in line {[one.line for one in alike]}, not {line}"
    assert here[0].severity == mistake.severity
    for piece in mistake.says:
        assert piece in here[0].sentence, here[0].sentence


def assert_only(folder: Path, mistake: Mistake) -> None:
    """The mistake has its finding, and there is no other: one mistake never reads like three."""
    findings = check(written(folder, mistake))
    assert_found(folder, mistake, findings)
    assert len(findings) == 1, [str(one) for one in findings]
