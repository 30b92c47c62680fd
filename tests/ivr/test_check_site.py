"""Each mistake in a site file has one finding: the right kind, the right line, and the way out."""

# ruff: noqa: E501 - tables, one mistake in each row

import json
from pathlib import Path

import pytest

from ivr.site_check import check
from ivr.yaml_source import load_yaml
from tests.ivr.small_site import Mistake, assert_only, in_site, written

MISTAKES = [
    in_site(
        "a key that is not known is told with the one that was meant",
        "    line: first\n    rings",
        "    line: first\n    prioritty: 3\n    rings",
        "unknown-key",
        ("'prioritty'", "did you mean 'priority'?"),
        at="prioritty",
    ),
    in_site(
        "a key in Cyrillic that is not known is told in Cyrillic",
        "database: sqlite",
        "база: sqlite",
        "unknown-key",
        ("'база' is not a key here", "known:"),
    ),
    in_site("a key twice", "timezone: Europe/Moscow", "languages: [ru]", "duplicate-key", ("twice", "line 2"), at="languages: [ru]\n".strip()),
    in_site("a text where a number belongs", "ring_timeout: 8", "ring_timeout: long", "wrong-type", ("ring_timeout must be a number, not 'long'",)),
    in_site("a number in quotes", "expected_calls: 30", 'expected_calls: "30"', "wrong-type", ("whole number, not '30'", "without quotes")),
    in_site("a number where a name belongs", "name: Анна", "name: 17", "wrong-type", ("name must be a text, not 17", "quotes")),
    in_site("a list where a mapping belongs", "codes: {sign_in: \"*10\", sign_out: \"*11\", ready: \"*12\", pause: \"*2\"}", "codes: [a]", "wrong-type", ("codes must be a mapping", "not a list")),
    in_site("a key that must be there is not", "id: op1, ", "", "missing-key", ("'id' is missing",), at="Анна"),
    in_site("a ring timeout of nothing", "ring_timeout: 8", "ring_timeout: 0", "out-of-range", ("ring_timeout must be more than 0, not 0",)),
    in_site("a wrap-up before the call's end", "wrap_up: 3", "wrap_up: -3", "out-of-range", ("wrap_up must be at least 0, not -3",)),
    in_site("a level that no skill has", "medicine: 3}}\n      - {after", "medicine: 30}}\n      - {after", "out-of-range", ("medicine must be at most 10, not 30",)),
    in_site("ageing of nothing", "ageing: 60", "ageing: 0", "out-of-range", ("ageing must be more than 0",)),
    in_site("a wanted operator before the call", "wanted_operator_for: 30", "wanted_operator_for: -1", "out-of-range", ("at least 0",)),
    in_site("a timezone nobody knows", "Europe/Moscow", "Europe/Moskow", "timezone", ("no timezone 'Europe/Moskow'", "did you mean 'Europe/Moscow'?")),
    in_site("a date that is not in the calendar", '"2026-12-31"', '"2026-02-30"', "date", ("'2026-02-30' is not a date",), at="2026-02-30"),
    in_site("a date written the other way round", '"2027-01-04": ', '"04.01.2027": ', "date", ("'04.01.2027' is not a date", "2026-12-31"), at="04.01"),
    in_site("hours that no clock shows", "08:00-20:00", "08:00-25:00", "interval", ("25:00",)),
    in_site("hours that are no hours", "08:00-20:00", "8 to 20", "interval", ("'8 to 20' is not an interval",)),
    in_site("hours that end when they begin", "08:00-20:00", "08:00-08:00", "interval", ("empty",)),
    in_site("a day that is not in the week", "mon-fri:", "mon-fry:", "days", ("'mon-fry' is not days of the week",)),
    in_site("a day named twice", "sat: [", "fri-sat: [", "hours-overlap", ("fri stands in 'mon-fri' already",)),
    in_site("times that overlap", '"13:00-18:00"', '"11:00-18:00"', "hours-overlap", ("09:00-12:00 and 11:00-18:00 overlap",)),
    in_site("a night shift that runs into the next morning's", '"08:00-20:00"', '"20:00-09:30"', "hours-overlap", ("fri runs past midnight into sat's times",)),
    in_site("a day without times", '["09:00-12:00", "13:00-18:00"]', "[]", "hours-empty", ("sat has no times",), at="sat: []"),
    in_site("a date both open and closed", '"2026-12-31"', '"2027-01-04"', "hours-overlap", ("2027-01-04 is both closed and open",), at="closed:"),
    in_site("a country without a calendar", "holidays: RU", "holidays: XX", "holidays", ("'XX'", "country code")),
    in_site("a number that is none", '"1000"', '"горячая"', "number", ("'горячая' is not a telephone number",), at="горячая"),
    in_site("a number with spaces", '"1000"', '"+7 495 123-45-67"', "number", ("'+74951234567', not '+7 495 123-45-67'",), at="495"),
    in_site("a number too short for its country", '"1000"', '"+7495123"', "number", ("too few or too many digits",), at="495"),
    in_site("a number of no country", '"1000"', '"+999123456789"', "number", ("no country's code",), at="999"),
    in_site("a number as it is dialled at home", '"1000"', '"84951234567"', "number-national", (": +74951234567",), at="495", severity="warning"),
    in_site("a number twice", '"1000", menu: menus/main.yaml}', '"1000", menu: menus/main.yaml}\n  - {number: 1000, menu: menus/main.yaml}', "number-twice", ("1000 stands here twice",), at="{number: 1000,"),
    in_site("a number in a language the site has not", '"1000",', '"1000", language: fr,', "unknown-language", ("no language 'fr'", "known: en, ru"), at="language: fr"),
    in_site("a menu that is not there", "menus/main.yaml", "menus/mian.yaml", "menu-missing", ("'menus/mian.yaml'", "no such file")),
    in_site("a feature code that nobody can dial", '"*10"', '"star"', "feature-code", ("'star' is not a feature code",)),
    in_site("a feature code twice", 'sign_out: "*11"', 'sign_out: "*10"', "code-twice", ("*10 (code sign_out) is code sign_in already",)),
    in_site("a code that is a number", 'sign_in: "*10"', 'sign_in: "1000"', "code-twice", ("1000 (code sign_in) is number 1000 already",)),
    in_site("a code that begins like a pause's", '"*72"', '"*211"', "code-prefix", ("*21 (pause 'lunch') is how *211 (transfer to line 'second') begins",), at="lunch"),
    in_site("a code that hides a number", 'sign_in: "*10"', 'sign_in: "10"', "code-prefix", ("10 (code sign_in) is how 1000 (number 1000) begins",)),
    in_site("a pause's digits that are none", "code: 1", "code: x", "pause-code", ("'x' is not a pause's digits",)),
    in_site("a pause that Asterisk cannot write", "lunch: {", "обед: {", "code-name", ("'обед'", "Latin")),
    in_site("pauses that nobody can dial", ', pause: "*2"', "", "pause-code", ("nobody can dial these",), at="pauses:", severity="warning"),
    in_site("an operator on a line that is not there", "lines: [first], skills", "lines: [frist, first], skills", "unknown-line", ("'frist'", "did you mean 'first'?")),
    in_site("an operator without a line", "lines: [second], skills: {talking: 1}", "lines: [], skills: {talking: 1}", "empty", ("lines is empty",)),
    in_site("an operator who speaks what the site does not", "languages: [ru, en]}", "languages: [ru, eng]}", "unknown-language", ("'eng'", "did you mean 'en'?")),
    in_site("an operator twice", "id: op2", "id: op1", "operator-twice", ("'op1' is Анна already",), at="Борис"),
    in_site("an operator whose id is no account", "id: op2", "id: борис", "no-endpoint", ("operator борис has no endpoint", "add phone:")),
    in_site("an operator whose phone is no account", "id: op2", "id: op2, phone: 17-й", "no-endpoint", ("'17-й' cannot be a phone's account",)),
    in_site("an operator who is said to have no phone", "id: op2", "id: op2, phone: none", "no-endpoint", ("operator op2 has no endpoint",)),
    in_site("an operator whose phone is left empty", "id: op2", "id: op2, phone: ", "no-endpoint", ("operator op2 has no endpoint",), at="Борис"),
    in_site("a password for an operator's phone", "id: op2", "id: op2, password: hunter2", "secret-inline", ("delete it",)),
    in_site("two operators at one phone", "id: op2", "id: op2, phone: OP1", "account-twice", ("'OP1' of operator op2 is operator op1's",)),
    in_site("an operator at a caller's phone", "callers: [caller1]", "callers: [op1]", "account-twice", ("operator op1's",)),
    in_site("a phone with a name of Asterisk's own", "callers: [caller1]", "callers: [system]", "account-name", ("'system'",)),
    in_site("a name that a phone cannot show", "name: Борис", "name: 'Борис; rm'", "display-name", ("';'",)),
    in_site("a topic on a line that is not there", "line: second", "line: secnd", "unknown-line", ("'secnd'", "did you mean 'second'?")),
    in_site("needs and rings at once", "    line: first\n    rings", "    line: first\n    needs: {medicine: 1}\n    rings", "needs-and-rings", ("keep one",), at="needs: {medicine: 1}"),
    in_site("rings that do not begin at once", "- {needs: {medicine: 3}}", "- {after: 5, needs: {medicine: 3}}", "first-ring", ("from 0 seconds, not from 5",)),
    in_site("rings that do not rise", "after: 10", "after: 0", "rings-rise", ("rings must rise",)),
    in_site("rings that ask for more", "- {needs: {medicine: 3}}", "- {needs: {medicine: 1}}", "rings-relax", ("medicine 2 after level 1",), at="after: 10"),
    in_site("rings that ask the same", "medicine: 2", "medicine: 3", "ring-same", ("asks the same",), at="after: 10", severity="warning"),
    in_site("a topic that one skill too many asks for", "needs: {talking: 1}", "needs: {talking: 1, singing: 1}", "topic-nobody", ("nobody has the skill 'singing'",)),
    in_site("a topic of a level too high", "needs: {talking: 1}", "needs: {talking: 4}", "topic-nobody", ("nobody on line 'second' has talking 4, the highest is 1",)),
    in_site("a topic whose helpers sit on another line", "line: second\n    needs: {talking: 1}", "line: second\n    needs: {talking: 1, medicine: 1}", "topic-nobody", ("nobody on line 'second' has the skill 'medicine'", "other lines"), at="medicine: 1}"),
    in_site("a first ring in which nobody can answer", "{needs: {medicine: 3}}", "{needs: {medicine: 4}}", "ring-nobody", ("nobody can take 'medical' before 10 s", "the highest is 3"), severity="warning"),
    in_site("a topic in a language that nobody speaks", "languages: [ru, en]}", "languages: [ru]}", "topic-language", ("'general'", "'en'"), at="  general:", severity="warning"),
    in_site("a skill nobody asks for", "skills: {talking: 1}", "skills: {talking: 1, medicin: 1}", "skill-unasked", ("'medicin'", "did you mean 'medicine'?"), severity="warning"),
    in_site("a line that nothing leads to", "topics:\n", "  third: {title: {ru: Третья, en: Third}}\ntopics:\n", "line-unused", ("'third'",), severity="warning"),
    in_site("a transfer to a line where nobody works", "topics:\n", '  third: {title: {ru: Третья, en: Third}, transfer_code: "*73"}\ntopics:\n', "line-nobody", ("nobody works on line 'third'",), at="third"),
    in_site("a topic that no menu leads to", "operators:\n", "  spare: {title: {ru: Другое, en: Other}, line: second, needs: {talking: 1}}\noperators:\n", "topic-unled", ("no menu leads to the topic 'spare'",), severity="warning"),
    in_site("a limited queue that says nothing when it is full", "    line: first\n    rings", "    line: first\n    queue_limit: -1\n    rings", "out-of-range", ("queue_limit must be at least 0",), at="queue_limit"),
    in_site("widening of a line that is not regional", "wrap_up: 3", "widen_after: 3", "widen-without-region", ("widen_after means nothing",), severity="warning"),
    in_site("an operator without a region on a regional line", "wrap_up: 3", "regional: true", "no-region", ("Анна has no region",), at="Анна", severity="warning"),
    in_site("a title in no language of the site", "ru: Помощь, en: Help", "ru: Помощь, en: Help, fr: Aide", "unknown-language", ("'fr'",)),
    in_site("a topic that cannot be said in English", "ru: Помощь, en: Help", "ru: Помощь", "no-text", ("'en'", "spoken"), at="ru: Помощь"),
    in_site("a language twice", "languages: [ru, en]\n", "languages: [ru, en, ru]\n", "language-twice", ("'ru' stands here twice",)),
    in_site("a language that is none", "languages: [ru, en]\n", "languages: [ru, en, Russian]\n", "language", ("'Russian' is not a language code",)),
    in_site("too few ports for the calls", "to: 10199", "to: 10099", "rtp-small", ("100 ports are too few for 30 calls", "10119"), severity="warning"),
    in_site("ports that end before they begin", "to: 10199", "to: 9999", "rtp-range", ("end (9999) before they begin (10000)",)),
    in_site("a SIP port among the voice's", "port: 5060", "port: 10010", "port-clash", ("10010",)),
    in_site("a port that is none", "port: 5060", "port: 99999", "out-of-range", ("port must be at most 65535",)),
    in_site("an address that is none", "bind: 127.0.0.1", "bind: localhost", "address", ("'localhost' is not an IP address",)),
    in_site("a network with an address in it", "127.0.0.0/8", "127.0.0.1/8", "network", ("'127.0.0.1/8'", "did you mean '127.0.0.0/8'?")),
    in_site("phones that cannot reach a loopback", '["127.0.0.0/8"]', '["10.0.0.0/8"]', "bind-loopback", ("10.0.0.0/8 cannot reach 127.0.0.1",), severity="warning"),
    in_site("phones from the whole world", '["127.0.0.0/8"]', '["0.0.0.0/0"]', "world-open", ("0.0.0.0/0 lets the whole world try passwords",), at="phones_from"),
    in_site("a bind to the world without an ACL", 'bind: 127.0.0.1, port: 5060}\n  rtp: {from: 10000, to: 10199}\n  expected_calls: 30\n  phones_from: ["127.0.0.0/8"]', "bind: 0.0.0.0}", "world-open", ("0.0.0.0 listens to the whole world", "phones_from")),
    in_site("a trunk that cannot reach a loopback", "trunks: []", "trunks: [{name: city, host: sip.example.org, acl: [192.0.2.0/24]}]", "bind-loopback", ("a trunk cannot reach 127.0.0.1",), at="bind: 127.0.0.1", severity="warning"),
    in_site("hours that are never open", 'weekly: {mon-fri: "08:00-20:00", sat: ["09:00-12:00", "13:00-18:00"]}\n    holidays: RU\n    closed: ["2026-12-31"]\n    open: {"2027-01-04": "10:00-15:00"}', "weekly: {}", "hours-empty", ("'reception' is never open",)),
    in_site("a date closed twice", '["2026-12-31"]', '["2026-12-31", "2026-12-31"]', "date-twice", ("twice",), at="closed:", severity="warning"),
    in_site("an open date without times", '"10:00-15:00"', "[]", "hours-empty", ("2027-01-04 has no times",), at='"2027-01-04": []'),
    in_site("a number in no range of its country", '"1000"', '"+70001234567"', "number-range", ("+70001234567",), at="+7000", severity="warning"),
    in_site("a number longer than any", '"1000"', '"1234567890123456"', "number", ("longer than any",), at="123456"),
    in_site("a pause code without pauses", "pauses:\n  lunch: {code: 1, title: {ru: обед, en: lunch}}\n", "", "pause-code", ("no pause",), at="codes:", severity="warning"),
    in_site("a topic that only two people together can take", "line: first\n    rings:\n      - {needs: {medicine: 3}}\n      - {after: 10, needs: {medicine: 2}}", "line: first\n    needs: {medicine: 1, talking: 1}", "topic-nobody", ("nobody on line 'first' has the skill 'talking'",), at="medicine: 1"),
    in_site("a name too long for a phone", "name: Борис", f"name: {'Борис' * 20}", "display-name", ("more than 80",)),
    in_site("a database URL that is none", "database: sqlite", "database: 17", "wrong-type", ("database must be a text, not 17", "quotes")),
    in_site("a password in the database's URL", "database: sqlite", "database: postgresql://hotline:s3cret@db/hotline", "secret-inline", ("password",)),
    in_site("a database nobody has", "database: sqlite", "database: oracle", "database", ("'oracle'", "postgresql://")),
    in_site("voices of a language the site has not", "recorded: prompts", "voices: {fr: [x]}", "unknown-language", ("'fr'",)),
]  # fmt: skip

TRUNK = "{name: city, host: sip.example.org, acl: [192.0.2.0/24]"


def trunk(what: str, more: str, code: str, says: tuple[str, ...], severity: str = "error") -> Mistake:
    bound = "bind: 127.0.0.1, port: 5060}\n  rtp: {from: 10000, to: 10199}\n  expected_calls: 30"
    tail = '\n  phones_from: ["127.0.0.0/8"]\n  callers: [caller1]\n  trunks: []'
    free = bound.replace("127.0.0.1", "192.0.2.1")
    return in_site(
        what, bound + tail, free + tail.replace("[]", f"[{more}]"), code, says, "trunks:", severity
    )


TRUNKS = [
    trunk("a trunk open to the world", "{name: city, host: sip.example.org, acl: [0.0.0.0/0]}", "world-open", ("anybody call in as city",)),
    trunk("a trunk without an ACL", "{name: city, host: sip.example.org, acl: []}", "empty", ("acl is empty",)),
    trunk("a trunk whose ACL is left out", "{name: city, host: sip.example.org}", "missing-key", ("'acl' is missing",)),
    trunk("a trunk with its password in the file", TRUNK + ", secret: hunter2}", "secret-inline", ("does not belong into this file", "secret_file")),
    trunk("a trunk that registers as nobody", TRUNK + ", register: true}", "trunk-secret", ("needs user and secret_file",)),
    trunk("a trunk whose password file is not there", TRUNK + ", user: u, secret_file: pw, register: true}", "secret-missing", ("no file 'pw'",)),
    trunk("a trunk with two passwords", TRUNK + ", user: u, secret_file: site.yaml, secret_env: PW}", "trunk-secret", ("keep one",)),
    trunk("a trunk at no host", "{name: city, host: 'sip example', acl: [192.0.2.0/24]}", "host", ("'sip example' is not a host",)),
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: one.what)
def test_a_mistake_in_the_site_file_has_one_finding(tmp_path: Path, mistake: Mistake) -> None:
    assert_only(tmp_path, mistake)


@pytest.mark.parametrize("mistake", TRUNKS, ids=lambda one: one.what)
def test_a_mistake_in_a_trunk_has_its_finding_and_never_shows_a_password(
    tmp_path: Path, mistake: Mistake
) -> None:
    site = written(tmp_path, mistake)
    site.chmod(0o600)  # it stands in for a password file in one of them
    findings = check(site)
    found = [one for one in findings if one.code == mistake.code]
    assert len(findings) == len(found) == 1, [str(one) for one in findings]
    assert all(piece in found[0].sentence for piece in mistake.says)
    assert "hunter2" not in str(findings)


def test_a_password_file_that_others_may_read_is_told_with_the_command_that_closes_it(tmp_path: Path) -> None:
    open_file = trunk(
        "", TRUNK + ", user: u, secret_file: pw, register: true}", "secret-open", ("chmod 600 pw",)
    )
    site = written(tmp_path, open_file)
    (tmp_path / "pw").write_text("hunter2", encoding="utf-8")
    (tmp_path / "pw").chmod(0o644)
    (finding,) = check(site)
    assert (finding.code, finding.severity) == ("secret-open", "warning")
    assert "chmod 600 pw" in finding.sentence
    (tmp_path / "pw").chmod(0o600)
    assert check(site) == []


def test_a_folder_is_no_password_file(tmp_path: Path) -> None:
    site = written(tmp_path, trunk("", TRUNK + ", secret_file: menus}", "secret-missing", ()))
    assert [one.code for one in check(site)] == ["secret-missing"]


def test_parts_that_are_missing_are_told_one_by_one_and_nothing_else_is(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.write_text("timezone: UTC\n", encoding="utf-8")
    missing = ["name", "languages", "numbers", "lines", "topics", "operators"]
    assert sorted(one.sentence for one in check(path)) == sorted(
        f"'{name}' is missing here; add it" for name in missing
    )


def test_parts_of_a_wrong_type_make_no_other_findings(tmp_path: Path) -> None:
    site = written(tmp_path)
    for part in (
        "numbers",
        "lines",
        "topics",
        "operators",
        "languages",
        "hours",
        "pauses",
        "codes",
        "telephony",
    ):
        source, _ = load_yaml(site)
        assert source is not None
        value = source.plain() | {part: 5}
        broken = tmp_path / "broken.yaml"
        broken.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        assert [one.code for one in check(broken)] == ["wrong-type"], part


def test_the_small_hotline_has_no_findings(tmp_path: Path) -> None:
    assert check(written(tmp_path)) == []


def test_the_example_has_no_findings() -> None:
    assert check(Path(__file__).parents[2] / "examples/city_health/site.yaml") == []
