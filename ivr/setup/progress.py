"""Says what the set-up is doing: a line when a step begins and ends, on a terminal also the seconds between."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

REPAINT = 0.5  # seconds
WIDEST = 100  # columns


class Progress:
    """Several steps may run at once, each in a thread of its own."""

    def __init__(self, out: TextIO = sys.stderr) -> None:
        self._out = out
        self._alive = out.isatty()
        self._steps: dict[str, float] = {}
        self._lock = threading.Lock()
        self._painter: threading.Thread | None = None

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Says that `what` has begun, and its seconds when it is done."""
        begun = time.monotonic()
        with self._lock:
            self._steps[what] = begun
            if self._alive:
                self._paint_from_now_on()
            else:
                self._line(f"{what} …")
        end = "not done"
        try:
            yield
            end = "done"
        finally:
            with self._lock:
                del self._steps[what]
                self._line(f"{what}: {end} after {time.monotonic() - begun:.1f} s")

    def say(self, what: str) -> None:
        """A sentence of its own."""
        with self._lock:
            self._line(what)

    def _line(self, text: str) -> None:
        clear = "\r\033[K" if self._alive else ""
        print(f"{clear}hotline: {text}", file=self._out, flush=True)
        if self._alive:
            self._paint()

    def _paint(self) -> None:
        now = time.monotonic()
        text = ", ".join(f"{what} {now - begun:.0f} s" for what, begun in self._steps.items())
        line = f"hotline: … {text}"[:WIDEST] if text else ""
        print(f"\r\033[K{line}", end="", file=self._out, flush=True)

    def _paint_from_now_on(self) -> None:
        if self._painter is None:
            self._painter = threading.Thread(target=self._repaint, daemon=True)
            self._painter.start()

    def _repaint(self) -> None:
        while True:
            with self._lock:
                if not self._steps:
                    self._painter = None
                    return
                self._paint()
            time.sleep(REPAINT)
