"""What the caller hears and when a key may end it; the commands of one event, in order."""

from __future__ import annotations

from ivr.core.commands import AnyCommand, Expect, Listen, Note, Play, StopPlaying
from ivr.core.flow import Texts


class Voice:
    """language: spoken from now on; a text that lacks it is said in the first language, or any it has.

    cuttable: whether a key ends what is asked for from now on.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.cuttable = False
        self.commands: list[AnyCommand] = []
        self._first = language
        self._playing = False

    def play(self, prompt: str, texts: Texts) -> bool:
        """Returns False when there is no text at all: nothing is played then, and nothing will finish."""
        language = next((one for one in (self.language, self._first, *texts) if texts.get(one)), None)
        if language is None:
            return False
        self.commands.append(Play(prompt, language, interruptible=self.cuttable))
        self._playing = True
        return True

    def say(self, prompt: str, text: str) -> None:
        """A sentence made for this caller, in the language spoken."""
        self.commands.append(Play(prompt, self.language, text, interruptible=self.cuttable))
        self._playing = True

    def listen(self, seconds: float, speech: Expect | None = None) -> None:
        self.commands.append(Listen(seconds, speech))

    def note(self, node: str, step: str, **detail: str) -> None:
        self.commands.append(Note(step, node, detail))

    def heard(self) -> None:
        """The prompts are over."""
        self._playing = False

    @property
    def playing(self) -> bool:
        return self._playing

    def gives_way(self) -> bool:
        """A key or a word came: stop what is being played. Returns False if it must be heard to its end."""
        if self._playing:
            if not self.cuttable:
                return False
            self.commands.append(StopPlaying())
            self._playing = False
        return True
