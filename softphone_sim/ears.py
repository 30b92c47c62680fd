"""Listens to recordings while they grow, to know during a call who is heard, and what was said."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from softphone_sim.person import PhoneEvent
from softphone_sim.sentences import SLACK, TAIL, Sentences
from softphone_sim.spectrum import HOP, WINDOW, look_times, presence, read_samples, recorded
from softphone_sim.tone import RATE

LISTEN_EVERY = 0.1
WRITTEN_AFTER = 0.25
"""Seconds until the recorder has written what was heard."""

LOOK_BACK = round((TAIL + 2 * SLACK) * RATE)


class Ear:
    """Follows one recording. started: the monotonic time of its first sample.

    The recorder writes a quarter of a second at a time, so what is found is 0.3-0.6 s old; its time is that
    of the sound, not of the finding.
    """

    def __init__(self, path: Path, started: float) -> None:
        self._path = path
        self._started = started
        self._position = 0
        self._known: set[str] = set()

    def last_sentence(self, known: Sentences, end: float) -> str:
        """Which of these was heard up to the monotonic time `end`; "" for none of them."""
        last = round((end - self._started) * RATE)
        skip = max(0, last - LOOK_BACK)
        return known.ended(read_samples(self._path, skip), last - skip)

    def listen(self, tones: Mapping[str, float]) -> list[tuple[str, float]]:
        """Names heard for the first time, each with its monotonic time.

        Two looks in a row must contain the chord: half a second.
        """
        names = [name for name in tones if name not in self._known]
        if not names or recorded(self._path) < self._position + WINDOW + HOP:
            return []
        samples = read_samples(self._path, self._position)
        looks = (len(samples) - WINDOW) // HOP + 1
        there = presence(samples, [tones[name] for name in names])
        twice = there[:-1] & there[1:]
        moments = look_times(looks, self._started + self._position / RATE)
        self._position += (looks - 1) * HOP
        found = [(names[column], column) for column in np.flatnonzero(twice.any(axis=0))]
        self._known |= {name for name, _ in found}
        return [(name, float(moments[np.argmax(twice[:, column])])) for name, column in found]


class Ears:
    """All recordings that grow now, by phone and call.

    report: takes the events heard and understood. audible: phone -> the tones of those it might hear.
    sentences: what callers know by ear, and its sound.
    """

    def __init__(
        self, report: Callable[[PhoneEvent], None], audible: Callable[[str], Mapping[str, float]]
    ) -> None:
        self.sentences: dict[str, Path] = {}
        self._report, self._audible = report, audible
        self._ears: dict[tuple[str, int], Ear] = {}
        self._known: Sentences | None = None
        self._listening: asyncio.Task[None] | None = None
        self._thinking: set[asyncio.Task[None]] = set()

    def follow(self, media: PhoneEvent) -> None:
        """A call's recording has begun."""
        self._ears[media.phone, media.call] = Ear(Path(media.detail), media.at)
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())

    def forget(self, call: tuple[str, int]) -> None:
        """The call is over."""
        self._ears.pop(call, None)

    def what_was_that(self, quiet: PhoneEvent) -> None:
        """Find the sentence that ended when the line went quiet; if it is known, it is reported."""
        task = asyncio.create_task(self._think(quiet))
        self._thinking.add(task)
        task.add_done_callback(self._thinking.discard)

    async def stop(self) -> None:
        """Listen no more."""
        tasks = [*self._thinking, *([self._listening] if self._listening else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self) -> None:
        while self._ears:
            for (phone, call), ear in list(self._ears.items()):
                try:
                    news = ear.listen(self._audible(phone))
                except OSError:  # somebody took the recording away
                    self.forget((phone, call))
                    continue
                for whom, at in news:
                    self._report(PhoneEvent(phone, "heard", at, call, whom))
            await asyncio.sleep(LISTEN_EVERY)

    async def _think(self, quiet: PhoneEvent) -> None:
        await asyncio.sleep(WRITTEN_AFTER)
        call = quiet.phone, quiet.call
        if self._known is None:
            self._known = Sentences(self.sentences)
        try:
            ear = self._ears[call]
            sentence = await asyncio.to_thread(ear.last_sentence, self._known, quiet.at)
        except (KeyError, OSError):  # the call is over, or somebody took the recording away
            return
        if sentence and call in self._ears:
            self._report(PhoneEvent(quiet.phone, "understood", quiet.at, quiet.call, sentence))
