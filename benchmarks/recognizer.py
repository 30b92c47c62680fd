"""How many callers one core can hear: python -m benchmarks.recognizer [--json]

The real-time factor is processor seconds per second of speech; the limit is what a plan of 28 speaking
callers per core allows. Speech is the model's own test sound in pieces of 100 ms, as it would come in.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import psutil

from speech.hypothesis import UNKNOWN
from speech.pcm import TELEPHONE_RATE, Samples
from speech.recognition.models import default_models, find_model
from speech.recognition.vosk_recognizer import VoskRecognizer
from tests.speech.clips import clips, sound_of

LIMIT = 0.035
CLIPS = 10
ROUNDS = 3
PIECE = 800
AT_ONCE = 10


def decode(engine: VoskRecognizer, sound: Samples, grammar: Sequence[str] | None) -> None:
    utterance = engine.utterance(grammar)
    for at in range(0, sound.size, PIECE):
        utterance.feed(sound[at : at + PIECE])
    utterance.finish()


def factor(
    engine: VoskRecognizer, sounds: list[Samples], grammar: Sequence[str] | None, threads: int
) -> float:
    """Processor seconds of all threads per second of speech."""
    with ThreadPoolExecutor(threads) as pool:
        began = time.process_time()
        list(pool.map(lambda sound: decode(engine, sound, grammar), sounds))
        spent = time.process_time() - began
    return spent / (sum(sound.size for sound in sounds) / TELEPHONE_RATE)


def speed_up(engine: VoskRecognizer, sounds: list[Samples], grammar: Sequence[str]) -> float:
    """By the clock: one thread's time over that of two; 2.0 if nothing held them up."""
    times = []
    for threads in (1, 2):
        with ThreadPoolExecutor(threads) as pool:
            began = time.perf_counter()
            list(pool.map(lambda sound: decode(engine, sound, grammar), sounds))
            times.append(time.perf_counter() - began)
    return times[0] / times[1]


def memory_each(engine: VoskRecognizer, sounds: list[Samples], grammar: Sequence[str]) -> float:
    """MB for each utterance that is being heard, with some seconds of different words in it."""
    process = psutil.Process()
    before = process.memory_info().rss
    kept = [engine.utterance(grammar) for _ in range(AT_ONCE)]
    for one in kept:
        one.feed(np.concatenate(sounds[::2]))
    return (process.memory_info().rss - before) / AT_ONCE / 1e6


def build_ms(engine: VoskRecognizer, grammar: Sequence[str]) -> float:
    began = time.perf_counter()
    for _ in range(AT_ONCE):
        engine.utterance(grammar)
    return (time.perf_counter() - began) / AT_ONCE * 1000


def reuse_gain(engine: VoskRecognizer, sounds: list[Samples], grammar: list[str]) -> float:
    """Time with a new recogniser for each utterance over that with one, emptied between them: 1.0 is no gain."""
    import vosk

    words = json.dumps(grammar, ensure_ascii=False)
    one = vosk.KaldiRecognizer(engine._model, TELEPHONE_RATE, words)
    times = []
    for renew in (True, False):
        began = time.process_time()
        for sound in sounds:
            if renew:
                one = vosk.KaldiRecognizer(engine._model, TELEPHONE_RATE, words)
            else:
                one.Reset()
            for at in range(0, sound.size, PIECE):
                one.AcceptWaveform(sound[at : at + PIECE].tobytes())
            one.FinalResult()
        times.append(time.process_time() - began)
    return times[0] / times[1]


def measure() -> dict[str, Any]:
    """Medians of ROUNDS; what is compared takes turns, so that what else the machine does hits all alike."""
    before = psutil.Process().memory_info().rss
    began = time.perf_counter()
    engine = VoskRecognizer(find_model(default_models()["ru"]).path, "ru")
    load_s, model_mb = time.perf_counter() - began, (psutil.Process().memory_info().rss - before) / 1e6
    spoken = clips(condition="clean")
    sounds = [sound_of(clip) for clip in spoken[:: max(1, len(spoken) // CLIPS)]][:CLIPS]
    menu = [*sorted({clip.text for clip in clips(kind="menu")}), UNKNOWN]
    decode(engine, sounds[0], menu)
    memory = memory_each(engine, sounds, menu)
    cases = {"menu": (menu, 1), "menu_two_threads": (menu, 2), "no_grammar": (None, 1)}
    found: dict[str, list[float]] = {name: [] for name in (*cases, "speed_up", "reuse_gain", "build_ms")}
    for _ in range(ROUNDS):
        for name, (grammar, threads) in cases.items():
            found[name].append(factor(engine, sounds, grammar, threads))
        found["speed_up"].append(speed_up(engine, sounds, menu))
        found["reuse_gain"].append(reuse_gain(engine, sounds, menu))
        found["build_ms"].append(build_ms(engine, menu))
    median = {name: statistics.median(values) for name, values in found.items()}
    return {
        "model": engine.model,
        "phrases": len(menu),
        "seconds_of_speech": sum(sound.size for sound in sounds) / TELEPHONE_RATE,
        "factor": {name: round(median[name], 4) for name in cases},
        "of_limit": round(median["menu"] / LIMIT, 2),
        "of_no_grammar": round(median["menu"] / median["no_grammar"], 2),
        "two_threads_of_one": round(median["menu_two_threads"] / median["menu"], 2),
        "speed_up_of_two_threads": round(median["speed_up"], 2),
        "new_recogniser_of_reused": round(median["reuse_gain"], 2),
        "build_ms": round(median["build_ms"], 2),
        "megabytes_each": round(memory, 1),
        "load_s": round(load_s, 2),
        "model_megabytes": round(model_mb, 1),
    }


def show(found: dict[str, Any]) -> str:
    factors = found["factor"]
    speech = f"{found['seconds_of_speech']:.0f} s of speech"
    lines = [
        f"{found['model']}, {found['phrases']} phrases, {speech}, medians of {ROUNDS}",
        f"real-time factor, menu      {factors['menu']:.4f}  {found['of_limit']:.2f} of the limit ({LIMIT})",
        f"  without a grammar         {factors['no_grammar']:.4f}  the menu takes {found['of_no_grammar']:.2f} of it",
        f"  two threads at once       {factors['menu_two_threads']:.4f}  {found['two_threads_of_one']:.2f} of one",
        f"two threads by the clock    {found['speed_up_of_two_threads']:.2f} times as fast as one",
        f"a new recogniser each time  {found['new_recogniser_of_reused']:.2f} of the time with one reused",
        f"a grammar is built in       {found['build_ms']:.2f} ms",
        f"an utterance takes          {found['megabytes_each']:.1f} MB, the model {found['model_megabytes']:.0f} MB",
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    found = measure()
    print(json.dumps(found, indent=2) if wanted.json else show(found))
    return 0 if found["of_limit"] <= 1 else 1


if __name__ == "__main__":
    sys.exit(main())
