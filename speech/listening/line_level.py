"""How loud a line is while nobody speaks to us: its own noise, and our prompt that returns as echo.

Levels are dBFS (RMS) of frames of 20 ms, ratios dB.
"""

from __future__ import annotations

from collections import deque

import numpy as np

FRAME = 0.02
_BLOCK = 5  # frames of one value: a tenth of a second


class NoiseFloor:
    """What the line's sound exceeds nearly always, over the last six seconds.

    A caller pauses, so his speech does not raise it; a room full of people, music and noise do.
    """

    _REACH, _SHARE, _LOWEST, _AT_FIRST = 60, 0.15, -70.0, -60.0

    def __init__(self) -> None:
        self._blocks: deque[float] = deque(maxlen=self._REACH)
        self._block: list[float] = []
        self.level = self._AT_FIRST

    def feed(self, level: float) -> None:
        self._block.append(level)
        if len(self._block) < _BLOCK:
            return
        self._blocks.append(_mean(self._block))
        self._block.clear()
        if len(self._blocks) >= 5:
            ordered = sorted(self._blocks)
            self.level = max(self._LOWEST, ordered[int(len(ordered) * self._SHARE)])


class EchoGate:
    """How loud a caller must be to be told from our own prompt, which his telephone or a hybrid returns.

    We do not have the prompt's sound here, only the time while it plays. At first the worst return is
    supposed: `ceiling`, the level that the echo of our prompts stays below. After `learning` seconds of a
    prompt, what came back in it, and in the one before, is known, and the gate sinks to `margin` above that.
    What came in the last 0.4 s does not count yet: it may be the caller, of whom nobody is sure so soon.
    After a prompt its echo is on the way for `tail` seconds.
    """

    _UNSURE = 4  # blocks

    def __init__(self, ceiling: float, margin: float, learning: float, tail: float) -> None:
        self._ceiling, self._margin = ceiling, margin
        self._learning, self._tail = learning, tail
        self._usual: float | None = None
        self._loudest = -90.0
        self._block: list[float] = []
        self._fresh: deque[float] = deque()
        self._played = 0.0
        self._after = 0.0
        self._disturbed = False

    @property
    def open(self) -> bool:
        """No prompt of ours can be heard on this line now."""
        return not self._played

    @property
    def level(self) -> float:
        """dBFS that a caller's voice must reach; -90 when no prompt can be heard."""
        if self.open:
            return -90.0
        if self._played >= self._learning + self._UNSURE * _BLOCK * FRAME:
            returned = max(self._loudest, self._usual if self._usual is not None else -90.0)
        elif self._usual is not None:
            returned = max(self._loudest, self._usual)
        else:
            return self._ceiling
        return min(self._ceiling, returned + self._margin)

    def feed(self, level: float, playing: bool, speaking: bool) -> None:
        """The next frame. speaking: the caller is known to; then it is not the echo that is loud."""
        if playing:
            self._played, self._after = self._played + FRAME, 0.0
        elif self._played:
            self._after += FRAME
            if self._after >= self._tail:
                self._over()
        self._disturbed |= speaking and not self.open
        if self.open or self._disturbed:
            return
        self._block.append(level)
        if len(self._block) == _BLOCK:
            self._fresh.append(_mean(self._block))
            self._block.clear()
        if len(self._fresh) > self._UNSURE:
            self._loudest = max(self._loudest, self._fresh.popleft())

    def _over(self) -> None:
        if self._played >= self._learning and not self._disturbed:
            self._usual = self._loudest
        self._played, self._after, self._loudest, self._disturbed = 0.0, 0.0, -90.0, False
        self._block.clear()
        self._fresh.clear()


def _mean(levels: list[float]) -> float:
    """Of powers, not of dB: a short loud part counts."""
    return float(10 * np.log10(np.mean(10 ** (np.asarray(levels) / 10))))
