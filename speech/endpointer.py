"""When a caller begins to speak and when he has ended, from frames of 20 ms. Its clock is the sound."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from speech.pcm import SILENCE, Samples, rms_dbfs
from speech.voice_activity import VoiceActivity

FRAME = 0.02
FRAME_SAMPLES = 160


@dataclass(frozen=True)
class EndpointSettings:
    """Times in seconds, levels in dBFS (RMS), ratios in dB.

    voice: how sure voice activity must be of a frame. onset, of: so much voice within so long a window is
    speech. pre_roll: sound before the first voiced frame that belongs to the speech. above_floor: the voice
    must be so far above the line's own noise. quietest: below, nothing is a voice. pause: silence that ends
    speech. longest: then it is ended anyway.
    prompt, return_loss, echo_margin: while a prompt of that level plays, its echo returns at most at
    prompt - return_loss; the caller must be echo_margin above.
    """

    voice: float = 0.5
    onset: float = 0.12
    of: float = 0.2
    pre_roll: float = 0.3
    above_floor: float = 9.0
    quietest: float = -58.0
    pause: float = 0.55
    longest: float = 12.0
    prompt: float = -20.0
    return_loss: float = 12.0
    echo_margin: float = 3.0


@dataclass(frozen=True)
class Began:
    """at: when the first sound of it was. sound: from the pre-roll until now."""

    at: float
    known: float
    sound: Samples


@dataclass(frozen=True)
class Ended:
    """at: when the last of the voice was."""

    at: float
    known: float
    too_long: bool = False


class Endpointer:
    """One caller's. Feed it 20 ms at a time."""

    def __init__(self, activity: VoiceActivity, settings: EndpointSettings | None = None) -> None:
        self.settings = settings or EndpointSettings()
        self._activity = activity
        self._now = 0
        self._floor = -60.0
        self._window: deque[bool] = deque(maxlen=round(self.settings.of / FRAME))
        self._recent: deque[Samples] = deque(
            maxlen=round((self.settings.of + self.settings.pre_roll) / FRAME)
        )
        self._speaking = False
        self._began = 0
        self._last_voice = 0

    @property
    def now(self) -> float:
        """Seconds of sound fed."""
        return self._now * FRAME

    @property
    def speaking(self) -> bool:
        return self._speaking

    @property
    def pause(self) -> float:
        """Seconds since his last voice; 0 while nobody speaks."""
        return (self._now - self._last_voice) * FRAME if self._speaking else 0.0

    def feed(self, frame: Samples, *, playing: bool = False) -> Began | Ended | None:
        """The next 160 samples. playing: a prompt of ours may return as echo."""
        self._now += 1
        voiced = self._is_voice(frame, playing)
        self._recent.append(frame)
        self._window.append(voiced)
        return self._while_speaking(voiced) if self._speaking else self._while_silent()

    def forget(self) -> None:
        """What was heard so far is no speech; evidence is gathered anew."""
        self._speaking = False
        self._window.clear()
        self._recent.clear()
        self._activity.reset()

    def _is_voice(self, frame: Samples, playing: bool) -> bool:
        s = self.settings
        level = rms_dbfs(frame)
        if level <= SILENCE:
            return False
        sure = self._activity.feed(frame) >= s.voice
        if not sure:
            self._floor += (max(level, -75.0) - self._floor) * 0.03
        gate = max(s.quietest, self._floor + s.above_floor)
        if playing and not self._speaking:
            gate = max(gate, s.prompt - s.return_loss + s.echo_margin)
        return sure and level >= gate

    def _while_silent(self) -> Began | None:
        s = self.settings
        if sum(self._window) * FRAME < s.onset - 1e-9:
            return None
        first = len(self._window) - list(self._window).index(True)
        self._speaking, self._began, self._last_voice = True, self._now - first, self._now
        keep = first + round(s.pre_roll / FRAME)
        sound = np.concatenate(list(self._recent)[-keep:])
        return Began(self._began * FRAME, self.now, sound)

    def _while_speaking(self, voiced: bool) -> Ended | None:
        s = self.settings
        if voiced:
            self._last_voice = self._now
        too_long = (self._now - self._began) * FRAME >= s.longest
        if not too_long and self.pause < s.pause - 1e-9:
            return None
        self._speaking = False
        self._window.clear()
        return Ended(self._last_voice * FRAME, self.now, too_long)
