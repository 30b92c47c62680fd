"""Each mistake in a menu file has one finding: the right kind, the right line, and the way out."""

# ruff: noqa: E501 - tables, one mistake in each row

from pathlib import Path

import pytest

from ivr.finding import Finding
from ivr.site_check import check
from tests.ivr.small_site import (
    MENU,
    Mistake,
    assert_found,
    assert_only,
    in_menu,
    in_site,
    line_of,
    written,
)

MISTAKES = [
    in_menu("a key that is not known", "    menu:\n", "    menu:\n      waits: 4\n", "unknown-key", ("'waits'", "did you mean 'wait'?"), at="waits"),
    in_menu("a key of the file that is not known", "start: greeting", "start: greeting\nnode: {}", "unknown-key", ("'node'", "did you mean 'nodes'?"), at="node: {}"),
    in_menu("a node of a kind that is not there", "  end: {hangup: {}}", "  end: {hangupp: {}}", "node-kind", ("'end' does nothing", "did you mean 'hangup'?")),
    in_menu("a node that does two things", "  end: {hangup: {}}", "  end: {hangup: {}, goto: bye}", "node-kind", ("hangup and goto at once",)),
    in_menu("a node that does nothing", "  end: {hangup: {}}", "  end: {}", "node-kind", ("'end' is empty",)),
    in_menu("a node that is a word", "  end: {hangup: {}}", "  end: hangup", "node-kind", ("'end' is empty",)),
    in_menu("a start that is not there", "start: greeting", "start: greting", "dangling", ("no node 'greting'", "did you mean 'greeting'?")),
    in_menu("a start that is left out", "start: greeting\n", "# no start\n", "missing-key", ("'start' is missing",), at="nodes:"),
    in_menu("a next that leads nowhere", "    next: hours", "    next: ours", "dangling", ("no node 'ours'", "did you mean 'hours'?")),
    in_menu("a choice that leads nowhere", "next: card}", "next: crad}", "dangling", ("no node 'crad'", "did you mean 'card'?")),
    in_menu("a case that leads nowhere", "{reception: topic}", "{reception: topics}", "dangling", ("no node 'topics'",)),
    in_menu("a refused caller who is led nowhere", "when_full: bye", "when_full: by", "dangling", ("no node 'by'",)),
    in_menu("a node that nobody comes to", "  end: {hangup: {}}", "  end: {hangup: {}}\n  lost: {hangup: {}}", "unreachable", ("no caller comes to 'lost'",), at="lost", severity="warning"),
    in_menu("a loop that never asks", "    say: {ru: До свидания, en: Goodbye}\n    next: end", "    say: {ru: До свидания, en: Goodbye}\n    next: hours", "silent-loop", ("hours → bye → hours",), at="  hours:"),
    in_menu("a node that leads to itself", "  end: {hangup: {}}", "  end: {goto: end}", "silent-loop", ("end → end",)),
    in_menu("a queue that sends a refused caller into it again", "when_full: bye", "when_full: to_general", "silent-loop", ("to_general → to_general",)),
    in_menu("a menu without a way out for the silent", "      no_input: {say: {ru: Не слышно, en: Nothing heard}, then: to_general}\n", "", "no-way-out", ("'topic' has no no_input",), at="    menu:"),
    in_menu("a menu without a way out for wrong keys", "      no_match: {say: [], then: to_general}\n", "", "no-way-out", ("'topic' has no no_match",), at="    menu:"),
    in_menu("an entry without a way out for the silent", "      no_input: {then: to_medical}\n", "", "no-way-out", ("'card' has no no_input",), at="    collect:"),
    in_menu("a silent caller who goes round for ever", "en: Nothing heard}, then: to_general", "en: Nothing heard}, then: greeting", "no-way-out", ("presses and says nothing", "topic → greeting → hours → topic"), at="no_input: {say"),
    in_menu("a wrong key that asks the same for ever", "no_match: {say: [], then: to_general}", "no_match: {say: [], then: topic}", "no-way-out", ("always presses something else", "topic → topic")),
    in_menu("a ladder without an end", "no_match: {say: [], then: to_general}", "no_match: {say: []}", "missing-key", ("'then' is missing",)),
    in_menu("a key twice", 'key: "2"', 'key: "1"', "key-twice", ("key 1 is taken by 'help' already",), at="other:"),
    in_menu("a key that no phone has", 'key: "2"', 'key: "A"', "wrong-word", ("key must be", "not 'A'"), at="other:"),
    in_menu("a choice without a key", '{key: "2", ', "{", "no-key", ("'other' has no key",), at="other:", severity="warning"),
    in_menu("a menu without choices", '      choices:\n        help: {key: "1", next: card}\n        other: {key: "2", next: to_general}\n', "      choices: {}\n", "empty", ("choices is empty",)),
    in_menu("a prompt that is not there in English", "{ru: Здравствуйте, en: Hello}", "{ru: Здравствуйте}", "no-text", ("no text in 'en'",)),
    in_menu("a prompt of spaces", "en: Hello}", "en: '  '}", "no-text", ("no text in 'en'",)),
    in_menu("an apology that is not there in Russian", "{ru: Не слышно, en: Nothing heard}", "{en: Nothing heard}", "no-text", ("no text in 'ru'",)),
    in_menu("a prompt in a language that the site has not", "en: Hello}", "en: Hello, de: Hallo}", "unknown-language", ("'de' is not a language of this site",)),
    in_menu("phrases in a language that the site has not", 'key: "2", next', 'key: "2", phrases: {fr: autre}, next', "unknown-language", ("'fr'",), at="other:"),
    in_menu("a text that is a number", "en: Hello}", "en: 17}", "wrong-type", ("en must be a text, not 17", "quotes"), at="en: 17"),
    in_menu("a wait of nothing", "    menu:\n", "    menu:\n      wait: 0\n", "out-of-range", ("wait must be more than 0",), at="wait: 0"),
    in_menu("fewer digits than none", "min: 1, max: 6", "min: 1, max: 0", "out-of-range", ("max must be at least 1",)),
    in_menu("digits at least more than at most", "min: 1, max: 6", "min: 7, max: 6", "digits", ("at least 7 digits cannot be at most 6",)),
    in_menu("an end key that is a digit", "min: 1, max: 6", "min: 1, max: 6, end: '1'", "wrong-word", ("end must be", "not '1'")),
    in_menu("a branch on nothing known", "on: hours", "on: weather", "wrong-word", ("on must be", "'weather'")),
    in_menu("a person who is not there", "start: greeting", "start: greeting\nperson: to_genral", "dangling", ("person: there is no node 'to_genral'", "did you mean 'to_general'?"), at="person:"),
    in_menu("callers who may speak and ask for nobody", '"1", next: card}\n        other: {key: "2", ', '"1", phrases: {ru: врач}, next: card}\n        other: {key: "2", phrases: {ru: справка}, ', "no-person", ("with person: NODE",), at="start:", severity="warning"),
    in_menu("a certainty beyond 1", "    menu:\n", "    menu:\n      speech: {sure: 1.5}\n", "out-of-range", ("sure must be at most 1",), at="speech:"),
    in_menu("doubts above certainty", "    menu:\n", "    menu:\n      speech: {sure: 0.3}\n", "thresholds", ("unsure 0.4 is above sure 0.3",), at="speech:"),
    in_menu("a command that is none", "start: greeting", "start: greeting\ncommands: {person: {ru: мастер}, bak: {ru: обратно}}", "wrong-word", ("bak",), at="commands:"),
    in_menu("a value that is none", "digits: {min: 1, max: 6}", "what: colour", "wrong-word", ("what must be", "'colour'")),
    in_menu("a limit of digits", "digits: {min: 1, max: 6}", "limit: past", "collect-key", ("limit means nothing for what: digits",)),
    in_menu("hours that the site has not", "{reception: topic}", "{receptoin: topic}", "unknown-hours", ("no hours 'receptoin'", "did you mean 'reception'?")),
    in_menu("a topic that the site has not", "topic: medical", "topic: medicla", "unknown-topic", ("no topic 'medicla'", "did you mean 'medical'?")),
    in_menu("a line that the site has not", "topic: medical", "topic: medical, line: thrid", "unknown-line", ("no line 'thrid'",)),
    in_menu("a branch on data without its key", "on: hours\n      cases: {reception: topic}", "on: data\n      cases: {a: topic}", "branch-key", ("which data?",), at="branch:"),
    in_menu("a branch on data that nobody stores", "on: hours\n      cases: {reception: topic}", "on: data\n      key: kard\n      cases: {a: topic}", "unknown-data", ("no node stores 'kard'", "did you mean 'card'?"), at="key: kard", severity="warning"),
    in_menu("a data key for a branch on hours", "on: hours\n", "on: hours\n      key: card\n", "branch-key", ("key means nothing",), at="key: card"),
    in_menu("a branch on a language that the site has not", "on: hours\n      cases: {reception: topic}", "on: language\n      cases: {fr: topic}", "unknown-language", ("'fr'",), at="cases"),
    in_menu("a node's name with a dot", "  end: {hangup: {}}", "  end: {hangup: {}}\n  a.b: {hangup: {}}", "node-name", ("no dot",), at="a.b"),
]  # fmt: skip

# The mistake cuts off nodes or topics, and that is told too.
WITH_OTHERS = {
    "a topic that the site has not",
    "a node's name with a dot",
    "a loop that never asks",
    "a menu without choices",
}


@pytest.mark.parametrize(
    "mistake", [one for one in MISTAKES if one.what not in WITH_OTHERS], ids=lambda one: one.what
)
def test_a_mistake_in_a_menu_has_one_finding(tmp_path: Path, mistake: Mistake) -> None:
    assert_only(tmp_path, mistake)


@pytest.mark.parametrize(
    "mistake", [one for one in MISTAKES if one.what in WITH_OTHERS], ids=lambda one: one.what
)
def test_a_mistake_that_cuts_others_off_has_its_own_finding(tmp_path: Path, mistake: Mistake) -> None:
    findings = check(written(tmp_path, mistake))
    assert_found(tmp_path, mistake, findings)
    assert {one.severity for one in findings if one.code != mistake.code} == {"warning"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("[a]", "wrong-type"), ("start: a\nnodes: 5", "wrong-type"), ("start: a", "missing-key")],
)
def test_a_menu_without_nodes_has_one_finding(tmp_path: Path, text: str, code: str) -> None:
    site = written(tmp_path)
    (tmp_path / "menus/main.yaml").write_text(text, encoding="utf-8")
    assert [one.code for one in check(site)] == [code]


def test_a_limited_queue_needs_a_way_for_the_caller_it_refuses(tmp_path: Path) -> None:
    limit = in_site("", "    needs: {talking: 1}", "    needs: {talking: 1}\n    queue_limit: 5", "", ())
    silent = in_menu(
        "", ", when_full: bye", "", "when-full", ("say with when_full",), "to_general: {", "warning"
    )
    findings = check(written(tmp_path, limit, silent))
    assert_found(tmp_path, silent, findings)
    assert len(findings) == 1


def with_second_menu(folder: Path, text: str) -> list[Finding]:
    """The small hotline, its last node leading into a second menu."""
    site = written(folder, in_menu("", "  end: {hangup: {}}", "  end: {goto: second.begin}", "", ()))
    (folder / "menus/second.yaml").write_text(text, encoding="utf-8")
    return check(site)


def test_a_menu_that_a_goto_leads_to_is_looked_up_beside_the_first_and_checked(tmp_path: Path) -> None:
    assert with_second_menu(tmp_path, "start: begin\nnodes:\n  begin: {hangup: {}}\n") == []
    (other,) = with_second_menu(tmp_path, "start: begin\nnodes:\n  begin: {goto: nowhere}\n")
    assert (Path(other.file).name, other.line, other.code) == ("second.yaml", 3, "dangling")


def test_a_goto_to_a_node_that_the_other_menu_has_not_is_found_where_it_stands(tmp_path: Path) -> None:
    findings = with_second_menu(tmp_path, "start: start\nnodes:\n  start: {hangup: {}}\n")
    errors = [one for one in findings if one.severity == "error"]
    assert [(Path(one.file).name, one.code) for one in errors] == [("main.yaml", "dangling")]
    assert errors[0].line == line_of(tmp_path / "menus/main.yaml", "second.begin")


def test_two_menus_that_lead_into_each_other_without_asking_are_a_loop(tmp_path: Path) -> None:
    (loop,) = with_second_menu(tmp_path, "start: begin\nnodes:\n  begin: {goto: main.bye}\n")
    assert loop.code == "silent-loop"
    assert "main.bye → main.end → second.begin → main.bye" in loop.sentence


def test_a_goto_into_a_menu_that_is_not_there_is_found(tmp_path: Path) -> None:
    findings = check(
        written(tmp_path, in_menu("", "  end: {hangup: {}}", "  end: {goto: other.start}", "", ()))
    )
    assert [(Path(one.file).name, one.code) for one in findings] == [("main.yaml", "dangling")]
    assert "no menu 'other' beside this one" in findings[0].sentence


def test_a_menu_file_that_nothing_leads_to_is_found(tmp_path: Path) -> None:
    site = written(tmp_path)
    (tmp_path / "menus/old.yaml").write_text(MENU, encoding="utf-8")
    (unused,) = check(site)
    assert (Path(unused.file).name, unused.code, unused.severity) == ("old.yaml", "menu-unused", "warning")


def test_two_menus_of_one_name_in_two_folders_are_refused(tmp_path: Path) -> None:
    entry = '  - {number: "1000", menu: menus/main.yaml}'
    site = written(
        tmp_path, in_site("", entry, f'{entry}\n  - {{number: "2000", menu: other/main.yaml}}', "", ())
    )
    (tmp_path / "other").mkdir()
    (tmp_path / "other/main.yaml").write_text(MENU, encoding="utf-8")
    assert [one.code for one in check(site)] == ["menu-twice"]


def test_a_recording_that_replaces_no_prompt_is_found(tmp_path: Path) -> None:
    site = written(tmp_path)
    folder = tmp_path / "prompts/ru"
    folder.mkdir(parents=True)
    (folder / "main.greeting.wav").write_bytes(b"")
    (folder / "main.greating.say.wav").write_bytes(b"")
    (unused,) = check(site)
    assert (unused.code, unused.severity, unused.line) == (
        "recording-unused",
        "warning",
        line_of(site, "recorded:"),
    )
    assert "main.greating.say.wav" in unused.sentence
    assert "main.greeting.say" in unused.sentence


def test_the_same_words_for_two_choices_are_found_where_they_stand_the_second_time(tmp_path: Path):
    old = '        help: {key: "1", next: card}\n        other: {key: "2", next: to_general}\n'
    new = (
        '        help: {key: "1", phrases: {ru: [врач, помощь]}, next: card}\n'
        '        other: {key: "2", phrases: {ru: [справка, Врач]}, next: to_general}\n'
    )
    text = MENU.replace("start: greeting", "start: greeting\nperson: to_general").replace(old, new)
    findings = check(written(tmp_path, in_menu("", MENU, text, "", ())))
    (error,) = [one for one in findings if one.severity == "error"]
    assert (error.code, error.line) == ("phrase-twice", line_of(tmp_path / "menus/main.yaml", "other:"))
    assert "'Врач' is said for 'help' and for 'other'" in error.sentence
