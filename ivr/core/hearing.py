"""Whether the caller is heard by voice, and whether what he is saying counts."""

from __future__ import annotations

from ivr.core.events import HearingChanged, Resumed, Spoken, Started


class Hearing:
    """Nobody is heard until an event says so."""

    def __init__(self) -> None:
        self._on = False
        self._languages: tuple[str, ...] | None = None
        self._speaking = False
        self._key_won = False  # he pressed a key while he spoke: what he said does not count

    def begins(self, news: Started | Resumed) -> None:
        """A Resumed that does not know leaves it as it was."""
        if news.hearing is not None:
            self._on, self._languages = news.hearing, news.heard_languages

    def changed(self, news: HearingChanged) -> None:
        self._on, self._languages = news.on, news.heard_languages

    def understands(self, language: str) -> bool:
        return self._on and (self._languages is None or language in self._languages)

    def speech_began(self) -> None:
        self._speaking, self._key_won = True, False

    def key(self) -> None:
        self._key_won = self._speaking

    def is_void(self, said: Spoken) -> bool:
        """His speech has ended. Whether nothing was said after all, or a key has said it already."""
        key_won, self._speaking, self._key_won = self._key_won, False, False
        return key_won or said.kind == "nothing"
