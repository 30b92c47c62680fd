"""What is to be said, and what came of making it audible."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PromptText:
    """One fixed sentence. name: "<menu>.<node>.<part>", e.g. "main.topic.ask". language: "ru", "en"."""

    name: str
    language: str
    text: str


@dataclass(frozen=True)
class Problem:
    """A prompt that callers would not hear. what: why, with the way out."""

    prompt: str
    language: str
    what: str

    def __str__(self) -> str:
        return f"prompt {self.prompt} ({self.language}): {self.what}"


@dataclass(frozen=True)
class Report:
    """What preparing did, in numbers of prompts. remarks: worth reading, but callers hear something.

    rendered: made now. cached: were there already. recorded: of both, those a person spoke.
    """

    rendered: int = 0
    cached: int = 0
    recorded: int = 0
    seconds: float = 0.0
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()
