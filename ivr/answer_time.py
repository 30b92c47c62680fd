"""The seconds a caller has to answer a question."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ivr.call_inputs import ListenOver, SpeechOverdue

LONGEST_SPEECH = 20.0
"""Seconds from its beginning after which a worker that says no more of it is not waited for."""


class AnswerTime:
    """They count from the end of the prompt, stand still while he speaks, and begin anew after that.

    put: told ListenOver and SpeechOverdue, late ones included; `is_over` and `is_overdue` tell them apart.
    playing: whether a prompt is being heard.
    """

    def __init__(
        self, put: Callable[[ListenOver | SpeechOverdue], None], playing: Callable[[], bool]
    ) -> None:
        self._put, self._playing = put, playing
        self._number = 0
        self._seconds: float | None = None
        self._after_prompt: float | None = None
        self._speech = 0
        self.speaking = False

    @property
    def number(self) -> int:
        """Another one after each beginning."""
        return self._number

    def begin(self, seconds: float) -> None:
        """Now, or when the prompt is over."""
        self._number += 1
        self._seconds = seconds
        self._after_prompt = seconds if self._playing() else None
        if self._after_prompt is None and not self.speaking:
            asyncio.get_running_loop().call_later(seconds, self._put, ListenOver(self._number))

    def begin_anew(self) -> None:
        """As long as the last time; nothing when nobody is asked."""
        if self._seconds is not None:
            self.begin(self._seconds)

    def prompt_over(self) -> None:
        if self._after_prompt is not None:
            self.begin(self._after_prompt)

    def prompt_stopped(self) -> None:
        """Whoever stopped it says how it goes on."""
        self._after_prompt = None

    def speech_began(self) -> None:
        """The time stands still until he has ended, or for as long as anybody may speak."""
        self.speaking = True
        self._speech += 1
        self._number += 1
        asyncio.get_running_loop().call_later(LONGEST_SPEECH, self._put, SpeechOverdue(self._speech))

    def speech_ended(self) -> bool:
        """Returns whether he was speaking."""
        was, self.speaking = self.speaking, False
        return was

    def is_over(self, number: int) -> bool:
        return number == self._number

    def is_overdue(self, number: int) -> bool:
        return self.speaking and number == self._speech

    def leave(self) -> None:
        """Nobody is asked any more."""
        self.speaking, self._seconds = False, None

    def stop(self) -> None:
        """What counts now is not heard of again."""
        self._number += 1
