"""`./hotline erlang`: the command line itself, from words to figures; bad input is one sentence and exit 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.cli import app
from loadtest.erlang_a import ErlangA
from loadtest.erlang_b import erlang_b
from tests.loadtest.published import published


def ask(words: str) -> int:
    return app(["erlang", *words.split()])


def asked(words: str, capsys) -> dict:
    assert ask(words + " --json") == 0
    return json.loads(capsys.readouterr().out)


def test_c_finds_the_operators_of_s1_and_the_people(capsys):
    _, told = published("S1")
    words = (
        "c --calls 100 --interval 30 --aht 180 --share 0.8 --within 20 --max-occupancy 0.85 --shrinkage 0.3"
    )
    answer = asked(words, capsys)
    assert answer["servers"] == told["raw_agents_for_80_20_occ85"]
    assert answer["positions"] == told["positions"]
    assert answer["service_level"]["of_offered"] == pytest.approx(told["service_level"], rel=1e-14)
    assert answer["p_wait"] == pytest.approx(told["p_wait"], rel=1e-14)
    assert [one["servers"] for one in answer["around"]] == [13, 15]
    assert answer["inputs"]["load"] == 10


def test_a_tells_of_s2_all_three_levels_and_both_waits(capsys):
    _, told = published("S2")
    answer = asked("a --calls 100 --interval 30 --aht 180 --patience 300 --servers 14", capsys)
    exact = told["computed"]
    assert answer["service_level"] == pytest.approx(
        {
            "of_offered": exact["sl_ans"],
            "short_abandons_excluded": exact["sl_ratio"],
            "of_answered": exact["sl_ans_of_answered"],
        },
        rel=5e-8,
    )
    assert answer["asa_s"] == pytest.approx(exact["asa"] * 60, rel=5e-8)
    assert answer["mean_wait_all_s"] == pytest.approx(exact["ewq"] * 60, rel=5e-8)
    assert answer["p_abandon"] == pytest.approx(exact["pab"], rel=5e-8)


def test_b_gives_the_third_of_load_trunks_and_blocking(capsys):
    _, told = published("S5")
    found = asked("b --trunks 15 --blocking 0.01", capsys)
    assert found["load"] == pytest.approx(told["exact"], abs=5e-8)
    assert asked(f"b --load {found['load']} --blocking 0.01", capsys)["trunks"] == 15
    assert asked("b --load 8 --trunks 15", capsys)["blocking"] == erlang_b(15, 8)
    assert asked("b --calls 480 --aht 60 --trunks 15", capsys)["blocking"] == erlang_b(15, 8)


def test_the_target_names_its_convention(capsys):
    words = "a --load 330 --aht 180 --patience 120"
    of_offered = asked(words, capsys)["servers"]
    of_answered = asked(words + " --of answered", capsys)["servers"]
    assert of_answered < of_offered
    assert ErlangA(of_answered, 330, 180, 120).service_level(20, "answered") >= 0.8


def test_a_ceiling_on_abandonment_asks_for_more_operators(capsys):
    words = "a --load 800 --aht 180 --patience 120"
    assert asked(words, capsys)["servers"] == 717
    assert asked(words + " --max-abandoned 0.03", capsys)["p_abandon"] <= 0.03


def test_variation_of_handling_time_is_called_an_approximation(capsys):
    answer = asked("c --load 48 --aht 240 --cv 0.5", capsys)
    assert answer["model"] == "M/G/c, variation 0.5 (an approximation)"
    assert answer["servers"] <= asked("c --load 48 --aht 240", capsys)["servers"]


def test_what_is_infinite_or_about_nobody_is_null_in_json(capsys):
    at_the_edge = asked("c --load 10 --aht 180 --servers 11", capsys)
    assert at_the_edge["around"][0]["asa_s"] is None
    assert asked("a --load 10 --aht 180 --patience 60 --servers 0", capsys)["asa_s"] is None


def test_the_table_shows_one_operator_fewer_and_one_more(capsys):
    assert ask("a --calls 100 --interval 30 --aht 180 --patience 300 --servers 14") == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line[:34].strip(): line[34:].split() for line in lines}
    assert rows["operators"] == ["13", "14", "15"]
    assert rows["in time, of offered"][1] == "91.68%"
    assert rows["average speed of answer, s"][1] == "3.878"
    assert rows["mean wait of all calls, s"][1] == "4.195"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("b --load 3", "give two of the load"),
        ("b --load 3 --trunks 4 --blocking 0.1", "give two of the load"),
        ("b --load 3 --trunks -4", "trunks must be a whole number, zero or more, not -4"),
        ("b --calls 3 --trunks 4", "--calls needs the mean handling time too"),
        ("c --load 10", "give the mean handling time: --aht SECONDS"),
        ("c --aht 180", "give the load: --calls"),
        ("c --aht 180 --load 10 --calls 3", "not both"),
        ("c --aht 180 --calls 3 --interval 0", "interval must be above zero"),
        ("c --aht 180 --load 10 --share 1.2", "share must be between 0 and 1, not 1.2"),
        ("c --aht 180 --load 10 --shrinkage 1", "shrinkage must be at least 0 and below 1"),
        ("c --aht 180 --load 10 --cv -1", "coefficient of variation must be zero or more"),
        ("a --aht 180 --load 10", "give the mean patience"),
        ("a --aht 180 --load nan --patience 60", "load must be zero or more, not nan"),
        ("a --aht 180 --load 10 --patience 60 --short -5", "waiting time must be zero or more"),
        ("a --aht 180 --load 1e9 --patience 60", "callers would be waiting"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_1(words, sentence, capsys):
    assert ask(words) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err
    assert said.err.count("\n") == 1


def test_a_queue_that_never_ends_is_refused_and_by_how_much_is_said(capsys):
    assert ask("c --aht 180 --load 20 --servers 14") == 1
    said = capsys.readouterr().err
    assert "the queue would grow by 120 calls an hour; 21 operators are the least" in said


def commands_of_the_page() -> list[str]:
    page = (Path(__file__).parents[2] / "docs" / "erlang.md").read_text()
    start = "./hotline erlang "
    return [
        line.removeprefix(start).split("#")[0].strip() for line in page.splitlines() if line.startswith(start)
    ]


@pytest.mark.parametrize("words", commands_of_the_page())
def test_the_pages_commands_run(words, capsys):
    assert ask(words) == 0
    assert capsys.readouterr().out


def test_the_table_says_endless_and_nobody_without_a_number(capsys):
    assert ask("c --load 10 --aht 180 --servers 11") == 0
    assert "∞" in capsys.readouterr().out
    assert ask("a --load 10 --aht 180 --patience 60 --servers 0") == 0
    assert " - " in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", ["c --load 0 --aht 180", "c --load 0 --aht 180 --cv 0.5", "a --load 0 --aht 9 --patience 9"]
)
def test_no_calls_need_no_operators(words, capsys):
    assert asked(words, capsys)["servers"] == 0
