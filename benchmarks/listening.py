"""How soon a caller's speech is known and decided, what else is taken for speech, and what a stream costs.

The times are of the sound itself (the listener's clock), so the machine's speed is not in them; the cost is
processor time per second of sound, as a share of one core. The voices are synthetic (tests/sounds/speech), the
lines are made (speech.telephone.line); a prompt "plays" throughout where barge-in is meant.

    python -m benchmarks.listening [--clips N] [--minutes M] [--model FOLDER] [--json]
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np

from speech.expectation import Expectation
from speech.listening.listener import Listener, ListenerSettings
from speech.listening_events import ListenerEvent, SpeechBegan, Understood
from speech.meaning.question_grammar import grammar_of
from speech.meaning.understanding import understand
from speech.pcm import Samples, resample
from speech.recognition.scripted_recognizer import ScriptedRecognizer
from speech.recognition.vosk_recognizer import VoskRecognizer
from speech.recognizer import Recognizer
from speech.telephone.line import line
from speech.wav import read_wav
from tests.speech.sounds import (
    CLIPS,
    KINDS,
    at_level,
    babble,
    clip,
    echo,
    mixed,
    prompt,
    quiet_line,
    silence,
    sound,
)

ROOT = Path(__file__).resolve().parents[1]
MUSIC = ROOT / "var/asterisk/usr/share/asterisk/moh"
WAY = 0.08  # seconds of the 0.25 that the switch, the network and the controller take
AIMS = {"known": 0.25 - WAY, "decided": 0.7}
CONDITIONS = ("clean", "g711", "gsm", "noise15", "noise10", "quiet20+g711")
LEAD = 2.0
Row = dict[str, float | int | str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--model", type=Path, default=ROOT / "speech/models/vosk-model-tiny-ru-8k")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    engine = VoskRecognizer(asked.model, "ru")
    report = {
        "delays": [*delays(engine, asked.clips)],
        "false_barge_ins": [*false_barge_ins(asked.minutes)],
        "cost": [*cost(engine)],
    }
    print(json.dumps(report, indent=2) if asked.json else table(report))


def delays(engine: Recognizer, clips: int) -> Iterable[Row]:
    """From onset to known, from the last sound to the decision, by condition; early decisions and without."""
    rows = [*csv.DictReader((CLIPS / "eval.tsv").open(), delimiter="\t")]
    menu = [row for row in rows if (row["condition"], row["kind"]) == ("clean", "menu")]
    texts = sorted({row["text"] for row in menu})
    topics = Expectation("menu", "ru", {text: (text,) for text in texts})
    for condition in CONDITIONS:
        for early in (True, False):
            settings = ListenerSettings() if early else replace(ListenerSettings(), early=0.0)
            yield _delays_on(condition, early, menu[:: max(1, len(menu) // clips)], topics, engine, settings)


def _delays_on(
    condition: str,
    early: bool,
    rows: list[dict[str, str]],
    topics: Expectation,
    engine: Recognizer,
    settings: ListenerSettings,
) -> Row:
    known: list[float] = []
    decided: list[float] = []
    right = missed = 0
    for row in rows:
        voice = clip(row["file"].removesuffix(".wav"))
        onset, end = (LEAD + edge for edge in edges(voice))
        sent = line(condition).carry(
            np.concatenate((silence(LEAD), voice, silence(1.2))), np.random.default_rng(len(known))
        )
        ear = Listener({"ru": engine}, understand, grammar_of, settings)
        ear.expect(1, topics, playing=True)
        events = ear.feed(mixed(sent, quiet_line(sent.size / 8000)))
        began = [event for event in events if isinstance(event, SpeechBegan)]
        said = [event for event in events if isinstance(event, Understood)]
        if not said:
            missed += 1
            continue
        known.append(began[0].known - onset)
        decided.append(said[-1].decided - end)
        right += [event.meaning.name for event in said] == [row["text"]]
    return {
        "condition": condition,
        "early": "yes" if early else "no",
        "utterances": len(rows),
        "missed": missed,
        "right": round(right / len(rows), 3),
        **_summary("known", known),
        **_summary("decided", decided),
    }


def _summary(name: str, seconds: list[float]) -> Row:
    """Seconds, and as a ratio to the aim."""
    p50, p95 = (float(np.quantile(seconds, q)) for q in (0.5, 0.95))
    aim = AIMS[name]
    return {
        f"{name}_p50": round(p50, 3),
        f"{name}_p95": round(p95, 3),
        f"{name}_p50_to_aim": round(p50 / aim, 2),
        f"{name}_p95_to_aim": round(p95 / aim, 2),
    }


def edges(voice: Samples) -> tuple[float, float]:
    """Seconds at which a clean clip's voice begins and ends: within 25 dB of its loudest 10 ms."""
    power = np.square(voice[: voice.size // 80 * 80].reshape(-1, 80).astype(float)).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 10**-2.5)
    return float(loud[0]) * 0.01, float(loud[-1] + 1) * 0.01


def false_barge_ins(minutes: float) -> Iterable[Row]:
    """Prompts cut per minute by what is no caller's speech."""
    seconds = minutes * 60
    quiet = quiet_line(seconds)
    for kind in KINDS:
        for level in (-40.0, -20.0):
            yield _false(f"{kind}, {level:.0f} dBFS", mixed(sound(kind, seconds, level, seed=11), quiet))
    for path in sorted(MUSIC.glob("*.wav")):
        rate, music = read_wav(path)
        played = np.resize(resample(music, rate, 8000), round(seconds * 8000))
        for level in (-40.0, -20.0):
            yield _false(f"music on hold, {path.stem}, {level:.0f} dBFS", at_level(played, level))
    for loss in (12, 18, 30):
        for delay in (0.05, 0.25):
            back = np.concatenate(
                [echo(prompt(v), loss, delay) for v in ("anna", "irina", "elena", "aleksandr")]
            )
            yield _false(f"our prompt {loss} dB down, {delay * 1000:.0f} ms late", back)
    for level in (-45.0, -35.0):
        yield _false(f"three people talking, {level:.0f} dBFS", babble(seconds, level))


def _false(kind: str, samples: Samples) -> Row:
    anything = Expectation("menu", "ru", {"a": ("оператор",)})
    ear = Listener({"ru": ScriptedRecognizer()}, understand, grammar_of)
    ear.expect(1, anything, playing=True)
    cut = sum(isinstance(event, SpeechBegan) for event in ear.feed(samples))
    return {"kind": kind, "per_minute": round(cut / (samples.size / 8000 / 60), 2)}


def cost(engine: Recognizer) -> Iterable[Row]:
    """Share of one core for a stream in real time: digital silence, a quiet line, a caller who speaks."""
    topics = Expectation("menu", "ru", {word: (word,) for word in ("врач", "пенсия", "жильё", "оператор")})
    kinds = {
        "digital silence": silence(60),
        "a quiet line": quiet_line(30, -50),
        "speech, not listened to": prompt(),
        "speech, recognised": prompt(),
    }
    for kind, samples in kinds.items():
        ear = Listener({"ru": engine}, understand, grammar_of)
        ear.expect(1, topics if "not" not in kind else None, playing=False)
        yield {
            "stream": kind,
            "share_of_a_core": round(_seconds(ear.feed, samples) / (samples.size / 8000), 4),
        }


def _seconds(feed: Callable[[Samples], list[ListenerEvent]], samples: Samples) -> float:
    began = time.process_time()
    for at in range(0, samples.size, 160):
        feed(samples[at : at + 160])
    return time.process_time() - began


def table(report: dict[str, list[Row]]) -> str:
    return "\n\n".join(_table(rows) for rows in report.values())


def _table(rows: list[Row]) -> str:
    """Markdown."""
    lines = [" | ".join(rows[0]), " | ".join("---" for _ in rows[0])]
    lines += [" | ".join(str(value) for value in row.values()) for row in rows]
    return "\n".join(f"| {one} |" for one in lines)


if __name__ == "__main__":
    main()
