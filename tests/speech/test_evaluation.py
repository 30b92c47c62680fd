"""A table of test sound: what is wrong with one is said by line; its figures; and what this model understands."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ivr.cli import EXAMPLE
from ivr.open_question import open_question
from ivr.speech_eval_command import evaluate, load_recognizer, run_speech_eval
from speech.expectation import Expectation, Meaning
from speech.listening_events import Understood
from speech.pcm import TELEPHONE_RATE, rms_dbfs
from speech.trial.evaluation import LEAD, Outcome, decided, expectations, wanted, with_line_around
from speech.trial.evaluation_figures import figures
from speech.trial.evaluation_set import Clip, Kind, SetUnreadable, read_set
from speech.wav import wav_bytes

SOUNDS = Path(__file__).parents[1] / "sounds" / "speech"
TABLE = SOUNDS / "eval.tsv"


def table(folder: Path, *lines: str, head: str = "file\tkind\tcondition\ttext") -> Path:
    (folder / "a.wav").write_bytes(wav_bytes(np.zeros(800, np.int16), TELEPHONE_RATE))
    path = folder / "set.tsv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def clip(kind: Kind, text: str, condition: str = "clean") -> Clip:
    return Clip(Path("x.wav"), kind, condition, text, 2)


def heard(kind: Kind, text: str, name: str, confidence: float = 1.0, condition: str = "clean") -> Outcome:
    said = "value" if kind in ("digits", "number") else "choice"
    meant = Meaning(said, name, confidence) if name else Meaning("unknown")
    return Outcome(clip(kind, text, condition), condition, "" if kind == "other" else text, meant, 0.3)


def test_columns_may_stand_in_any_order_and_others_are_ignored(tmp_path: Path) -> None:
    path = table(tmp_path, "Irina\tда\toog\ta.wav\tclean", head="voice\ttext\tkind\tfile\tcondition")
    assert read_set(path) == [Clip(tmp_path / "a.wav", "other", "clean", "да", 2)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("b.wav\tmenu\tclean\tда", r"set\.tsv:3: there is no file .*b\.wav"),
        ("a.wav\tmneu\tclean\tда", r"set\.tsv:3: the kind is menu, other, digits, number, not 'mneu'"),
        ("a.wav\tmenu\tclean", r"set\.tsv:3: the column text is empty"),
    ],
)
def test_a_wrong_line_of_the_table_is_named(tmp_path: Path, line: str, says: str) -> None:
    with pytest.raises(SetUnreadable, match=says):
        read_set(table(tmp_path, "a.wav\tmenu\tclean\tда", line))


def test_a_table_without_a_column_says_which(tmp_path: Path) -> None:
    with pytest.raises(SetUnreadable, match=r"set\.tsv:1: no column kind, text"):
        read_set(table(tmp_path, "a.wav\tclean", head="file\tcondition"))
    with pytest.raises(SetUnreadable, match="no clip"):
        read_set(table(tmp_path))
    with pytest.raises(SetUnreadable, match="No such file"):
        read_set(tmp_path / "none.tsv")


def test_sound_of_another_rate_is_refused_with_its_line(tmp_path: Path) -> None:
    path = table(tmp_path, "a.wav\tmenu\tclean\tда")
    (tmp_path / "a.wav").write_bytes(wav_bytes(np.ones(1600, np.int16), 16000))
    with pytest.raises(SetUnreadable, match=r"line 2 of the table: .*a\.wav has 16000 Hz"):
        read_set(path)[0].sound()


def test_an_unusable_table_ends_the_command_with_a_sentence(tmp_path: Path, capsys) -> None:
    code = run_speech_eval(
        tmp_path / "none.tsv",
        menu=None, site=EXAMPLE, model=None, language=None, conditions=None, json=None,
    )  # fmt: skip
    assert code == 1
    assert "none.tsv: No such file" in capsys.readouterr().err


def test_what_is_asked_back_counts_as_understood_and_as_taken_and_is_told_apart() -> None:
    found = figures(
        [
            heard("menu", "да", "да"),
            heard("menu", "нет", "нет", 0.5),
            heard("menu", "пять", "девять", 0.9),
            heard("menu", "два", "два", 0.2),
            heard("other", "идёт дождь", "да", 0.5),
            heard("other", "поезд ушёл", ""),
            heard("digits", "12", "12"),
            heard("digits", "34", "3", condition="gsm"),
        ]
    )
    clean = found["by_condition"]["clean"]
    assert clean["menu"] == {"n": 4, "right": 2, "wrong": 1, "rejected": 1, "accuracy": 0.5, "confirmed": 1}
    assert clean["other"] == {"n": 2, "false_accepts": 1, "false_accept": 0.5, "confirmed": 1}
    assert clean["digits"] == {"n": 1, "right": 1, "accuracy": 1.0, "confirmed": 0}
    assert found["by_condition"]["gsm"] == {"digits": {"n": 1, "right": 0, "accuracy": 0.0, "confirmed": 0}}
    assert found["overall"]["digits"]["n"] == 2
    said = {(one["said"], one["taken_for"]) for one in found["confusions"]}
    assert said == {("пять", "девять"), ("два", ""), ("идёт дождь", "да"), ("34", "3")}


def test_a_clip_in_which_nothing_was_heard_is_rejected() -> None:
    silent = Outcome(clip("menu", "да"), "clean", "да", None)
    found = figures([silent, Outcome(clip("other", "идёт дождь"), "clean", "", None)])
    assert found["by_condition"]["clean"]["menu"]["rejected"] == 1
    assert found["by_condition"]["clean"]["other"]["false_accepts"] == 0
    assert found["decide_s"]["clean"] == {"n": 0, "p50": None, "p95": None}


def test_without_a_menu_the_texts_are_the_choices_and_digits_have_their_own_grammar() -> None:
    clips = [clip("menu", "да"), clip("menu", "да"), clip("menu", "нет"), clip("other", "идёт дождь")]
    asked = expectations(clips, "ru")
    assert asked["menu"].phrases == {"да": ("да",), "нет": ("нет",)}
    assert asked["other"] == asked["menu"]
    assert wanted(clip("digits", "ноль семь семь"), asked["digits"]) == "077"
    assert wanted(clip("number", "двести восемнадцать"), asked["number"]) == "218"
    assert wanted(clip("other", "да"), asked["menu"]) == ""
    assert wanted(clip("menu", "донорство плазмы"), asked["menu"]) is None


def test_with_a_menu_the_choice_that_was_meant_is_wanted() -> None:
    menu = open_question("main:topic", EXAMPLE).expectation
    assert wanted(clip("menu", "медицинская помощь"), menu) == "medical"
    assert wanted(clip("menu", "психолог"), menu) == "psychological"


def test_the_first_speech_decides_as_it_does_in_a_call() -> None:
    said = [Understood(1, Meaning(kind), 0, 1, 2) for kind in ("nothing", "unknown", "choice")]
    found = decided(said)
    assert found is not None
    assert found.meaning.kind == "unknown"
    assert decided(said[:1]) is None


def test_a_clip_stands_in_the_noise_of_its_own_line() -> None:
    rng = np.random.default_rng(0)
    noisy = (rng.standard_normal(8000) * 300).astype(np.int16)
    around = with_line_around(noisy, rng)
    lead = round(LEAD * TELEPHONE_RATE)
    assert np.array_equal(around[lead : lead + noisy.size], noisy)
    assert rms_dbfs(around[:lead]) == pytest.approx(rms_dbfs(noisy), abs=1.5)
    assert rms_dbfs(with_line_around(np.zeros(8000, np.int16), rng)) < -60


@pytest.fixture(scope="module")
def recognizer():
    return load_recognizer(None, "ru")


def few(recognizer, kind: str, condition: str, n: int, conditions: str | None = None) -> dict:
    """The figures of every few clips, heard as a choice among all that the table has."""
    clips = read_set(TABLE)
    mine = [one for one in clips if (one.kind, one.condition) == (kind, condition)][::3][:n]
    everything = expectations(clips, "ru")["menu"]
    asked = mine if kind in ("digits", "number") else mine + _rest(clips, everything)
    found = figures([one for one in evaluate(asked, recognizer, None, conditions) if one.clip in mine])
    (by_kind,) = found["by_condition"].values()
    return by_kind[kind]


def _rest(clips: list[Clip], everything: Expectation) -> list[Clip]:
    """One clip of each choice, so that all of them are in the grammar; they are heard, not counted."""
    first = {one.text: one for one in reversed(clips) if one.kind == "menu" and one.condition == "clean"}
    return [first[text] for text in everything.phrases if text in first][:3]


def test_menu_phrases_are_understood(recognizer) -> None:
    assert few(recognizer, "menu", "clean", 12)["right"] >= 11


def test_they_are_understood_over_a_mobile_line(recognizer) -> None:
    assert few(recognizer, "menu", "clean", 8, "g711+loss3")["right"] >= 7


def test_other_speech_is_no_answer(recognizer) -> None:
    assert few(recognizer, "other", "clean", 10)["false_accepts"] <= 1


def test_digits_are_understood(recognizer) -> None:
    assert few(recognizer, "digits", "clean", 5)["right"] >= 4


def test_the_command_writes_what_it_shows(tmp_path: Path, capsys) -> None:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    chosen = [row for row in rows if row[1] == "clean" and row[3] in ("медицинская помощь", "идёт дождь")][:2]
    lines = [f"{SOUNDS / name}\t{kind}\t{condition}\t{text}" for name, condition, kind, text, _ in chosen]
    path, written = table(tmp_path, *lines), tmp_path / "out.json"
    code = run_speech_eval(
        path,
        menu="main:topic",
        site=EXAMPLE,
        model=None,
        language=None,
        conditions="clean,g711",
        json=written,
    )
    found = json.loads(written.read_text(encoding="utf-8"))
    shown = capsys.readouterr().out
    assert code == 0
    assert set(found["by_condition"]) == {"clean", "g711"}
    menu = found["by_condition"]["clean"]["menu"]
    assert set(menu) >= {"n", "right", "wrong", "rejected", "accuracy"}
    assert f"{menu['right']}/{menu['n']}" in shown
    assert "g711" in shown
