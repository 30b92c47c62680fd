from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from ivr.core.hours import Hours, interval
from ivr.flow_walk import run_walk, typed_lines, walk_file

EXAMPLE = Path(__file__).parents[2] / "examples/city_health/menus/main.yaml"
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def walked(path: Path, typed: str, *, code: int = 0, **options: object) -> str:
    screen = io.StringIO()
    console = Console(file=screen, width=80)
    lines = typed_lines(io.StringIO(typed), console)
    assert walk_file(path, lines=lines, console=console, at=MONDAY, **options) == code
    return screen.getvalue()


def in_order(text: str, *parts: str) -> None:
    place = 0
    for part in parts:
        assert part in text[place:], f"{part!r} does not follow in:\n{text[place:]}"
        place = text.index(part, place) + len(part)


def test_a_key_shows_what_is_said_and_where_the_call_goes():
    in_order(
        walked(EXAMPLE, "1\n"),
        "main.greeting.say",
        "Здравствуйте! Вы позвонили на городскую горячую линию здоровья.",
        "main.topic.ask",
        "waits 5 s  [main.topic]",
        "key 1",
        "choice medical",
        "to the queue: topic medical, language ru",
    )


def test_enter_is_silence_and_in_the_queue_the_end_of_the_talk():
    in_order(
        walked(EXAMPLE, "\n\n\n"),
        "silence",
        "main.topic.no_input.1",
        "silence",
        "topic general",
        "an operator answered",
        "main.goodbye.say",
        "the call ends",
    )


def test_the_queue_may_refuse():
    in_order(
        walked(EXAMPLE, "0\nfull\n"),
        "topic general",
        "the queue refuses",
        "main.all_busy.say",
        "the call ends",
    )


def test_what_the_operator_gets_is_shown_and_what_is_personal_is_named_so():
    in_order(walked(EXAMPLE, "51234#\n"), "donor_card ***", "the operator sees donor_card: 1234 (personal)")
    in_order(walked(EXAMPLE, "5#\n"), "the operator sees donor_card: nothing (personal)")


def test_the_language_changes_in_the_middle_of_a_question_and_between_calls():
    in_order(
        walked(EXAMPLE, "en\n1\n"), "Please say what you are calling about", "topic medical, language en"
    )
    in_order(walked(EXAMPLE, "1\nen\n"), "topic medical", "Hello!", "Please say what you are calling about")
    assert "Hello!" in walked(EXAMPLE, "", language="en")


def test_a_question_asked_in_another_language_keeps_what_was_entered_before(tmp_path: Path):
    two = tmp_path / "two.yaml"
    two.write_text("""
start: first
nodes:
  first: {collect: {ask: {ru: Код?}, store: code, no_input: {then: end}, no_match: {then: end}, next: second}}
  second: {collect: {ask: {ru: Ещё?, en: More?}, store: more, no_input: {then: end}, no_match: {then: end}, next: to}}
  to: {enqueue: {topic: general, line: second, priority: 3}}
  end: {hangup: {}}
""")
    in_order(
        walked(two, "12#\nen\n3#\n"),
        "More?",
        "topic general, language en, line second, priority 3",
        "code: 12 (personal)",
        "more: 3 (personal)",
    )


def test_opening_hours_are_open_unless_closed_by_word():
    in_order(walked(EXAMPLE, "closed\nopen\n"), "main.topic.ask", "main.closed.say", "main.topic.ask")


def test_opening_hours_of_the_site_hold_at_the_time_given():
    moscow = ZoneInfo("Europe/Moscow")
    evening = {"reception": Hours(weekly=((interval("18:00-20:00"),),) * 7)}
    assert "main.closed.say" in walked(EXAMPLE, "", opening=evening, timezone=moscow)


def test_the_command_reads_a_pipe_and_takes_the_hours_of_a_site(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    closed = tmp_path / "site.yaml"
    text = (EXAMPLE.parents[1] / "site.yaml").read_text(encoding="utf-8")
    closed.write_text(re.sub("weekly: {mon-fri.*", "weekly: {}", text), encoding="utf-8")
    for site, said in ((None, "main.topic.ask"), (closed, "main.closed.say")):
        monkeypatch.setattr("sys.stdin", io.StringIO("quit\n"))
        assert run_walk(EXAMPLE, "ru", site) == 0
        assert said in capsys.readouterr().out


def test_a_site_with_errors_lends_no_hours(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "site.yaml").write_text("languages: 5\n")
    assert run_walk(EXAMPLE, "ru", tmp_path / "site.yaml") == 1
    assert "site.yaml:1: error" in capsys.readouterr().out


def test_a_new_call_begins_from_the_start_and_quit_leaves():
    shown = walked(EXAMPLE, "1\nagain\nquit\n2\n")
    assert shown.count("main.greeting.say") == 2 and "psychological" not in shown


@pytest.mark.parametrize("word", ["full", "12a", "?!"])
def test_a_word_that_means_nothing_is_said_to_and_changes_nothing(word: str):
    in_order(walked(EXAMPLE, f"{word}\n1\n"), f"'{word}' means nothing here", "waits 5 s", "topic medical")


def test_square_brackets_in_a_text_are_shown_and_not_taken_for_colours(tmp_path: Path):
    menu = tmp_path / "menu.yaml"
    menu.write_text("start: a\nnodes: {a: {say: {ru: 'Текст [bold] так.'}, next: b}, b: {hangup: {}}}\n")
    assert "Текст [bold] так." in walked(menu, "")


def test_a_menu_leads_into_the_menu_beside_it(tmp_path: Path):
    (tmp_path / "main.yaml").write_text("start: go\nnodes: {go: {goto: other.bye}}\n")
    (tmp_path / "other.yaml").write_text(
        "start: bye\nnodes: {bye: {say: {ru: Пока.}, next: end}, back: {goto: main.go}, end: {hangup: {}}}\n"
    )
    assert "other.bye.say" in walked(tmp_path / "main.yaml", "")


def test_a_file_with_errors_is_not_walked_and_each_error_is_shown(tmp_path: Path):
    menu = tmp_path / "menu.yaml"
    menu.write_text("start: a\nnodes:\n  a: {say: 5, next: b}\n  b: {hangup: 3}\n")
    shown = walked(menu, "1\n", code=1)
    assert "menu.yaml:3" in shown and "menu.yaml:4" in shown


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    assert "absent.yaml" in walked(tmp_path / "absent.yaml", "", code=1)


def test_a_menu_that_leads_nowhere_ends_the_walk_with_the_node_named(tmp_path: Path):
    menu = tmp_path / "menu.yaml"
    menu.write_text("start: a\nnodes: {a: {say: {ru: Да.}, next: b}, b: {goto: c}, c: {goto: b}}\n")
    assert "goes round and round" in walked(menu, "", code=1)


def test_a_terminal_gets_a_prompt_sign_and_a_pipe_does_not():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = io.StringIO()
    assert list(typed_lines(Terminal("1\n"), Console(file=screen))) == ["1\n"]
    assert screen.getvalue() == "> > "
    assert "> " not in walked(EXAMPLE, "1\n")


def test_typed_words_are_what_the_caller_says():
    in_order(
        walked(EXAMPLE, "мне нужен врач\n"),
        "main.topic.ask_spoken",
        "says: мне нужен врач",
        "menu choice  by speech, choice medical",
        "to the queue: topic medical",
    )


def test_words_in_doubt_are_asked_back():
    in_order(
        walked(EXAMPLE, "врач ?0.5\nнет\nпсихолог?0.5\n1\n"),
        "asked back  by speech, choice medical, confidence 0.50",
        "Вы сказали: медицинская помощь. Верно?",
        "says: нет",
        "denied  choice medical",
        "hotline.misheard",
        "main.topic.ask_spoken",
        "main.topic.confirm.psychological",
        "key 1",
        "confirmed  choice psychological, answer key",
        "to the queue: topic psychological",
    )


def test_commands_are_understood_at_any_question():
    in_order(
        walked(EXAMPLE, "донор\nназад\nповторите\nспециалист\n"),
        "main.donor_card.ask_spoken",
        "back asked",
        "main.topic.ask_spoken",
        "repeat asked",
        "main.topic.ask_spoken",
        "person asked",
        "to the queue: topic general",
    )


def test_a_spoken_number_is_read_back_and_shown_to_the_operator():
    in_order(
        walked(EXAMPLE, "донор\nодин два три четыре пять шесть\nда\n"),
        "Вы назвали: один два три, четыре пять шесть. Верно?",
        "confirmed  donor_card ***",
        "the operator sees donor_card: 123456 (personal)",
    )


def test_a_caller_may_lose_his_ear_and_get_it_back():
    shown = walked(EXAMPLE, "deaf\nврач\n8\nhearing\n8\n")
    in_order(
        shown,
        "can no longer be understood",
        "hotline.use_keys",
        "main.topic.ask  ",
        "'врач' means nothing here",
    )
    in_order(shown, "can be understood by voice", "to the queue: topic general")


def test_nonsense_twice_ends_at_a_person():
    in_order(
        walked(EXAMPLE, "синхрофазотрон\nпараллелепипед\n"),
        "no match  by speech, heard ***",
        "main.topic.no_match_spoken.1",
        "no match",
        "to the queue: topic general",
    )


def test_in_english_one_speaks_english():
    in_order(
        walked(EXAMPLE, "английский\nmedical help\n"),
        "language en",
        "main.topic.ask_spoken        Please say",
        "to the queue: topic medical, language en",
    )
