"""Recorded calls once more: the same under the same rules, other under others, and every decision explained."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from acd.core.commands import RingOperator, WakeAt
from acd.core.dispatcher import Dispatcher
from acd.core.events import (
    CallerHungUp,
    CallQueued,
    OperatorAnswered,
    OperatorMissed,
    OperatorPaused,
    OperatorReady,
    OperatorSignedIn,
    PolicyChanged,
    TalkEnded,
    Tick,
)
from acd.core.model import Line, Operator, Policy, Ring, Topic
from ivr.journal_reading import read_journal
from ivr.replay_command import run_replay
from loadtest.recorded_lives import ABANDONED, ANSWERED, Lives, lives_of
from loadtest.recording import Moment, Recording, Run
from loadtest.replay_day import Chances, Known, Replay
from loadtest.replay_exact import exactness
from loadtest.replay_figures import as_recorded, as_replayed, changes, figures, replayed
from tests.loadtest.recorded_day import write_days
from tests.loadtest.small_scenarios import everything

DAYS = 2


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("everything") / "journal.sqlite"
    return asyncio.run(write_days(everything(seed=3, first=7), DAYS, file))


@pytest.fixture(scope="module")
def recording(journal: Path) -> Recording:
    return asyncio.run(read_journal(str(journal)))


@pytest.fixture(scope="module")
def lives(recording: Recording) -> list[Lives]:
    return [lives_of(run) for run in recording.runs]


def everyone(_: Lives, __: object) -> bool:
    return True


# --exact


def test_every_recorded_decision_is_made_again(recording: Recording):
    found = exactness(recording)
    assert found.decisions > 2_000
    assert found.same == found.decisions
    assert found.partings == []


def changed(recording: Recording, change: Callable[[Moment], Moment]) -> Recording:
    for run in recording.runs:
        run.moments[:] = [change(moment) for moment in run.moments]
    return recording


def test_a_decision_that_was_not_so_is_found_at_its_entry(journal: Path):
    recording = asyncio.run(read_journal(str(journal)))
    rings = [m for m in recording.moments if any(isinstance(c, RingOperator) for c in m.commands)]
    wrong = rings[len(rings) // 2]

    def somebody_else(moment: Moment) -> Moment:
        if moment is not wrong:
            return moment
        others = [
            msgspec.structs.replace(c, operator="group1-99") if isinstance(c, RingOperator) else c
            for c in moment.commands
        ]
        return Moment(moment.seq, moment.at, moment.mono, moment.fact, others)

    found = exactness(changed(recording, somebody_else))
    assert [parting.seq for parting in found.partings] == [wrong.seq]
    assert found.same == found.decisions - 1


def recorded(rules: Any, facts: Any) -> Run:
    """What a controller with these rules would have written."""
    dispatcher, run = Dispatcher(rules), Run(0.0, 0.0, facts[-1][0] + 1)
    for seq, (at, fact) in enumerate(facts):
        commands: list[Any] = [c for c in dispatcher.handle(fact, at) if not isinstance(c, WakeAt)]
        if commands or not isinstance(fact, Tick):
            run.moments.append(Moment(seq, at, at, None if isinstance(fact, Tick) else fact, commands))
    return run


@pytest.mark.parametrize(
    ("afterwards", "rings"),
    [
        ([(15.004, Tick())], True),
        ([(15.003, CallerHungUp("b")), (15.004, Tick())], False),
    ],
    ids=["seen by what it decided", "decided nothing"],
)
def test_an_alarm_that_came_late_is_put_behind_the_fact_that_overtook_it(afterwards: Any, rings: bool):
    """On a busy machine a wrap-up's end comes milliseconds late, and a call that came meanwhile found nobody."""
    topics, lines = {"t": Topic("t", "l", (Ring(0, {}),))}, {"l": Line("l", wrap_up=5)}
    rules: Any = Policy("1", topics, lines, {"o": Operator("o", ("l",), {})})
    facts: Any = [
        (0.0, PolicyChanged(rules)),
        (1.0, OperatorSignedIn("o")),
        (2.0, CallQueued("a", "t")),
        (3.0, OperatorAnswered("a", "o")),
        (10.0, TalkEnded("a", "o")),
        (15.002, CallQueued("b", "t")),  # the wrap-up was to end at 15
        *afterwards,
        (20.0, CallQueued("c", "t")),
    ]
    run = recorded(rules, facts)
    assert any(moment.fact is None for moment in run.moments) == rings
    found = exactness(Recording("here", [run]))
    assert (found.same, found.partings) == (found.decisions, [])


def test_the_command_says_n_of_n(journal: Path, capsys: Any):
    assert run_replay(str(journal), exact=True) == 0
    told = capsys.readouterr().out
    same, of = told.split()[0], told.split()[2]
    assert same == of


# under the recorded rules


def test_under_the_recorded_rules_every_call_fares_as_recorded(lives: list[Lives]):
    known = Known.of(lives)
    for run in lives:
        found = Replay(run, Chances(known, 1)).run()
        assert len(found) == len(run.calls) > 500
        for one in found:
            assert one.outcome == one.life.outcome
            assert one.wait == pytest.approx(one.life.wait, abs=1e-6)
            if one.outcome == ANSWERED:
                assert one.ring is not None
                assert one.ring.operator == one.life.first.operator


def test_the_recorded_figures_are_those_of_the_replay(lives: list[Lives]):
    answer = replayed(lives, None, 2, 1, everyone)
    recorded = as_recorded(answer)
    assert {"medical", "general", ""} == set(recorded)
    for drawn in as_replayed(answer, rules=False):
        for topic, tally in recorded.items():
            assert drawn[topic].answered == tally.answered > 0
            assert drawn[topic].abandoned == tally.abandoned
            assert drawn[topic].turned_away == tally.turned_away
    assert changes(answer) == []


def test_who_let_the_phone_ring_or_left_meanwhile_does_so_again():
    """anna misses the first call, and comes back for the third; boris pauses while his phone rings for the second."""
    topics, lines = {"t": Topic("t", "l", (Ring(0, {}),))}, {"l": Line("l", ring_timeout=30)}
    rules: Any = Policy(
        "1", topics, lines, {one: Operator(one, ("l",), {}) for one in ("anna", "boris", "vera")}
    )
    facts: Any = [
        (0.0, PolicyChanged(rules)),
        (1.0, OperatorSignedIn("anna")),
        (2.0, OperatorSignedIn("boris")),
        (3.0, OperatorSignedIn("vera")),
        (10.0, CallQueued("first", "t")),
        (18.0, OperatorMissed("first", "anna")),
        (20.0, OperatorAnswered("first", "boris")),
        (30.0, TalkEnded("first", "boris")),
        (31.0, OperatorPaused("vera", "tea")),
        (40.0, CallQueued("second", "t")),
        (45.0, OperatorPaused("boris", "lunch")),
        (50.0, OperatorReady("vera")),
        (52.0, OperatorAnswered("second", "vera")),
        (60.0, OperatorReady("anna")),
        (70.0, CallQueued("third", "t")),
        (73.0, CallerHungUp("third")),
        (80.0, TalkEnded("second", "vera")),
    ]
    lives = lives_of(recorded(rules, facts))
    assert [(life.outcome, life.wait) for life in lives.calls] == [
        (ANSWERED, 10),
        (ANSWERED, 12),
        (ABANDONED, 3),
    ]
    for seed in range(5):
        again = Replay(lives, Chances(Known.of([lives]), seed)).run()
        assert [(one.outcome, one.wait) for one in again] == [(ANSWERED, 10), (ANSWERED, 12), (ABANDONED, 3)]
        assert [one.ring.operator for one in again[:2] if one.ring] == ["boris", "vera"]
    presence = [(spell.who.id, spell.begin, spell.end) for spell in lives.spells]
    assert presence == [
        ("anna", 1, 18), ("boris", 2, 45), ("vera", 3, 31), ("vera", 50, 81), ("anna", 60, 81),
    ]  # fmt: skip


# under others


def fewer(rules: Any, gone: int) -> Any:
    """The same rules with so many operators of the first group away."""
    operators = {
        id: one for id, one in rules.operators.items() if id not in [f"group1-{n}" for n in range(gone)]
    }
    return msgspec.structs.replace(rules, version="fewer", operators=operators)


def test_fewer_operators_make_callers_wait_and_give_up(lives: list[Lives]):
    told = figures(replayed(lives, fewer(lives[0].policy, 3), 3, 1, everyone))
    medical = told["by_topic"]["medical"]
    assert medical["rules"]["offered"] == pytest.approx(medical["recorded"]["offered"], rel=0.1)
    assert medical["difference"]["p_abandon"]["ci95"][0] > 0.02
    assert medical["difference"]["service_level"]["ci95"][1] < -0.02


def test_the_same_rules_as_others_make_no_difference(lives: list[Lives]):
    told = figures(replayed(lives, lives[0].policy, 2, 1, everyone))
    for scope in told["by_topic"].values():
        assert scope["difference"]["service_level"] == {"mean": 0.0, "ci95": [0.0, 0.0]}


def test_who_was_answered_has_at_least_the_patience_he_showed(lives: list[Lives]):
    world = replayed(lives, fewer(lives[0].policy, 5), 1, 1, everyone).worlds[0]
    assert world.rules is not None
    lost = [one for one in world.rules if one.outcome == ABANDONED and one.life.outcome == ANSWERED]
    assert len(lost) > 20
    assert all(
        one.wait is not None and one.life.wait is not None and one.wait > one.life.wait for one in lost
    )


def test_who_gave_up_has_the_patience_he_showed_and_no_more(lives: list[Lives]):
    world = replayed(lives, fewer(lives[0].policy, 5), 1, 1, everyone).worlds[0]
    assert world.rules is not None
    both = [one for one in world.rules if one.outcome == one.life.outcome == ABANDONED]
    assert len(both) > 20
    for one in both:
        assert one.wait == pytest.approx(one.life.wait, abs=1e-6)


def test_the_calls_that_changed_most_come_first_with_both_reasons(lives: list[Lives]):
    answer = replayed(lives, fewer(lives[0].policy, 3), 1, 1, everyone)
    found = changes(answer)
    assert found == sorted(found, key=lambda one: one.size, reverse=True)
    assert found[0].before[0] != found[0].after[0]
    explained = [one for one in found if one.before[0] == one.after[0] == ANSWERED]
    assert explained
    for one in explained:
        assert one.whys[0] is not None
        assert one.whys[1] is not None
        assert one.whys[1]["policy"] == "fewer"


def test_only_the_calls_of_a_time_are_counted(lives: list[Lives]):
    half = replayed(lives, None, 1, 1, lambda run, life: life.first.began < 7200)
    assert 0 < len(half.calls) < sum(len(run.calls) for run in lives)
    with pytest.raises(ValueError, match="nothing to replay"):
        replayed(lives, None, 1, 1, lambda run, life: False)


def test_the_command_writes_its_figures(journal: Path, tmp_path: Path, capsys: Any):
    target = tmp_path / "replay.json"
    assert run_replay(str(journal), json=target, draws=1) == 0
    told = json.loads(target.read_text("utf-8"))
    assert set(told["by_topic"]) == {"medical", "general"}
    assert told["whole"]["recorded"]["offered"] == told["whole"]["replayed"]["offered"]
    assert "No call fared otherwise." in capsys.readouterr().out


def test_rules_that_are_none_are_refused_in_a_sentence(journal: Path, tmp_path: Path, capsys: Any):
    wrong = tmp_path / "site.yaml"
    wrong.write_text("name: no\n")
    assert run_replay(str(journal), wrong) == 1
    assert "./hotline check" in capsys.readouterr().err
