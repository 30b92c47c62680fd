"""When a caller begins to speak and when he has ended, from frames of 20 ms. Its clock is the sound."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from speech.listening.line_level import FRAME, EchoGate, NoiseFloor
from speech.listening.voice_activity import VoiceActivity
from speech.pcm import SILENCE, SPEECH_LEVEL, Samples, rms_dbfs

FRAME_SAMPLES = 160
_RINGING = 15  # frames in which a bang has died away
_LATE = 7  # frames that voice activity may need for its judgement: a short word is over by then


@dataclass(frozen=True)
class EndpointSettings:
    """Times in seconds, levels in dBFS (RMS of 20 ms), ratios in dB. Figures: docs/decisions/speech-voice-activity.md.

    **When it begins.** A frame's evidence is how much surer than `doubt` voice activity is of it; the sum over
    the frames of `within` seconds makes us listen (`listen`), and makes us sure that a caller speaks (`sure`).
    A short word may end before we are sure: it counts if it turns out to be an answer. `sure` takes two
    judgements of voice activity, one alone makes no more than 1.4. What is `dies_away` dB below the loudest of
    the last 0.3 s is no evidence: a door that bangs rings like a voice, but it dies away from the start.
    above_floor: a voice is so far above what the line always sounds like; but what is over `loud_enough` may
    be one on any line: on a noisy or overdriven one a voice is hardly louder than what is around it, and the
    level says nothing. quietest: nothing below is a voice.
    pre_roll: sound from before the first evidence that goes to the recogniser: a first consonant.

    **When it ends.** After `pause` seconds without a frame that voice activity is `still` sure of, and that
    is no more than `below_him` under the loudest of what he said: other people in the room go on talking.
    longest: it is ended anyway; speech without a pause is a room's, not a caller's.

    **Echo.** prompt: level of our prompts. return_loss: the least that a line is supposed to take off on the
    way back: 12 dB is a badly matched two-wire line; most return less, a telephone with a handset much less.
    peaks: the loud parts of speech are so far above its level. So
    nothing below prompt - return_loss + peaks can cut a prompt, until `learning` seconds of prompt have shown
    what really returns on this line; then the caller must be `echo_margin` above that. What is over that by
    less than `hardly` may be a loud syllable of ours and weighs `half`. tail: echo comes late.
    """

    doubt: float = 0.3
    within: float = 0.2
    listen: float = 0.9
    sure: float = 1.45
    dies_away: float = 12.0
    above_floor: float = 4.0
    loud_enough: float = -44.0
    quietest: float = -58.0
    pre_roll: float = 0.3
    still: float = 0.5
    pause: float = 0.55
    below_him: float = 25.0
    longest: float = 12.0
    prompt: float = SPEECH_LEVEL
    return_loss: float = 12.0
    peaks: float = 9.0
    echo_margin: float = 6.0
    hardly: float = 6.0
    half: float = 0.5
    learning: float = 1.0
    tail: float = 0.3


@dataclass(frozen=True)
class Began:
    """Perhaps he speaks: time to listen. at: where it set in. sound: from the pre-roll until now."""

    at: float
    sound: Samples


@dataclass(frozen=True)
class Certain:
    """He does speak; comes once after `Began`, or never: a short word, or a cough. known: now."""

    at: float
    known: float


@dataclass(frozen=True)
class Ended:
    """at: where his last voice was. known: when the pause was long enough."""

    at: float
    known: float
    too_long: bool = False


Edge = Began | Certain | Ended


class _Frame(NamedTuple):
    sound: Samples
    level: float
    loud: bool
    evidence: float
    hint: float


class Endpointer:
    """One caller's. Feed it 20 ms at a time."""

    def __init__(self, activity: VoiceActivity, settings: EndpointSettings | None = None) -> None:
        s = self.settings = settings or EndpointSettings()
        self._activity = activity
        self._frames = 0
        self._floor = NoiseFloor()
        self._echo = EchoGate(s.prompt - s.return_loss + s.peaks, s.echo_margin, s.learning, s.tail)
        self._within = round(s.within / FRAME)
        self._recent: deque[_Frame] = deque(maxlen=self._within + round(s.pre_roll / FRAME))
        self._speaking = self._certain = False
        self._began = self._last_voice = 0
        self._loudest = -90.0

    @property
    def now(self) -> float:
        """Seconds of sound fed."""
        return self._frames * FRAME

    @property
    def certain(self) -> bool:
        """He speaks; no cough."""
        return self._certain

    @property
    def pause(self) -> float:
        """Seconds since his last voice; 0 while nobody speaks."""
        return (self._frames - self._last_voice) * FRAME if self._speaking else 0.0

    def feed(self, frame: Samples, *, playing: bool = False, pause: float | None = None) -> list[Edge]:
        """The next 160 samples. playing: a prompt of ours is being heard. pause: instead of the settings'."""
        s = self.settings
        self._frames += 1
        level = rms_dbfs(frame)
        just_loud = any(one.loud for one in list(self._recent)[-_LATE:])
        # Digital silence costs nothing. The noise of an idle A-law line, -72 dBFS, is fed: a network that
        # has heard nothing before a word is too slow for a short one.
        asked = just_loud or level > SILENCE
        voice = self._activity.feed(frame) if asked else 0.0
        self._floor.feed(level)
        self._echo.feed(level, playing, self._certain)
        over_noise = min(self._floor.level + s.above_floor, s.loud_enough)
        loud = level >= max(s.quietest, over_noise, self._echo.level)
        hint = max(0.0, voice - s.doubt) if loud or just_loud else 0.0
        weight = s.half if level < self._echo.level + s.hardly else 1.0
        self._recent.append(_Frame(frame, level, loud, hint * weight if loud else 0.0, hint))
        edges: list[Edge] = []
        if self._speaking:
            self._follow(level, loud and voice >= s.still)
        elif self._hint() >= s.listen:
            edges.append(self._begin())
        if self._speaking and not self._certain and self._evidence() >= s.sure:
            self._certain = True
            edges.append(Certain(self._began * FRAME, self.now))
        return edges + self._end(s.pause if pause is None else pause) if self._speaking else edges

    def forget(self) -> None:
        """What was heard so far is no speech; evidence is gathered anew."""
        self._speaking = self._certain = False
        self._recent.clear()
        self._activity.reset()

    def _hint(self) -> float:
        """Evidence that counts although the sound it is about may have ended: enough to begin to listen."""
        return sum(frame.hint for frame in list(self._recent)[-self._within :])

    def _evidence(self) -> float:
        heard = list(self._recent)
        faint = max(frame.level for frame in heard[-_RINGING:]) - self.settings.dies_away
        return sum(frame.evidence for frame in heard[-self._within :] if frame.level >= faint)

    def _begin(self) -> Began:
        heard = list(self._recent)
        start = max(0, len(heard) - self._within)
        first = next(n for n in range(start, len(heard)) if heard[n].hint)
        onset = first  # voice activity is late by a frame or some: the sound set in before
        while onset and (heard[onset - 1].loud or not heard[onset].loud) and first - onset < _LATE:
            onset -= 1
        keep = max(0, first - round(self.settings.pre_roll / FRAME))
        self._speaking = True
        self._began, self._last_voice = self._frames - (len(heard) - onset), self._frames
        self._loudest = max(frame.level for frame in heard[onset:])
        return Began(self._began * FRAME, np.concatenate([frame.sound for frame in heard[keep:]]))

    def _follow(self, level: float, voice: bool) -> None:
        if voice and level >= self._loudest - self.settings.below_him:
            self._last_voice, self._loudest = self._frames, max(level, self._loudest)

    def _end(self, pause: float) -> list[Edge]:
        too_long = (self._frames - self._began) * FRAME >= self.settings.longest - 1e-9
        if not too_long and self.pause < pause - 1e-9:
            return []
        self._speaking = self._certain = False
        self._recent.clear()
        return [Ended(self._last_voice * FRAME, self.now, too_long)]
