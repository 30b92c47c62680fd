"""Who listens to callers, in one line for a person at a terminal."""

from __future__ import annotations

from typing import Any

from ivr.live_table import hears, speech_line


def worker(**changes: Any) -> dict[str, Any]:
    return {"well": True, "languages": {"ru": "tiny"}, "accepting": True, "busy": 0.25, **changes}


def speech(*workers: dict[str, Any], on: bool = True, missing: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "on": on,
        "missing": list(missing),
        "workers": list(workers),
        "ears": 3,
        "speaking": 1,
        "full": 2,
        "away": 0,
    }


def test_all_is_well():
    line = speech_line(speech(worker()))
    assert line == "ru, busy 25%; listening to 3, speaking 1; by key only: 2 (full), 0 (no worker)"
    assert hears(speech(worker()))


def test_a_worker_that_is_away_comes_first():
    seen = speech(worker(), worker(well=False, languages={}))
    assert speech_line(seen).startswith("1 of 2 workers away; ru")
    assert not hears(seen)


def test_full_is_said():
    seen = speech(worker(accepting=False))
    assert "busy 25%, full" in speech_line(seen)
    assert not hears(seen)


def test_a_missing_model_says_what_to_do_about_it():
    seen = speech(on=False, missing=("callers who speak ru are served by key only: no model",))
    assert speech_line(seen) == (
        "off: callers are served by key; callers who speak ru are served by key only: no model"
    )
    assert not hears(seen)
    assert hears(speech(on=False)), "the site wants no speech: nothing is wrong"
