"""What a walk through a menu shows in the terminal: one line for each thing that happens, no markup in texts."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from ivr.core.commands import AnyCommand, Enqueue, Hangup, Note, Play
from ivr.core.events import AnyEvent, Digit, HearingChanged, QueueRefused, Silence, Spoken, TalkEnded
from ivr.core.flow import Texts

SHOWN_OTHERWISE = {"started", "say", "ask", "enqueue", "queue refused", "talk ended", "hung up"}
"""Steps of the story that another line tells already."""


class Screen:
    """texts: every prompt by its name."""

    def __init__(self, console: Console, texts: Mapping[str, Texts]) -> None:
        self._console = console
        self._texts = texts

    def event(self, event: AnyEvent) -> None:
        match event:
            case Digit():
                self._line(f"key {event.digit}", "bold cyan")
            case Spoken():
                self._line(f"says: {event.heard}", "bold cyan")
            case HearingChanged():
                heard = "can" if event.on else "can no longer"
                self._line(f"the caller {heard} be understood by voice", "bold cyan")
            case Silence():
                self._line("silence", "bold cyan")
            case TalkEnded():
                self._line("an operator answered, talked, and hung up first", "bold cyan")
            case QueueRefused():
                self._line("the queue refuses the call", "bold cyan")
            case _:
                pass

    def command(self, command: AnyCommand) -> None:
        match command:
            case Play():
                said = Text(f"  {command.prompt:<28} ", style="dim")
                text = command.text or self._texts[command.prompt][command.language]
                said.append(text, style="not dim")
                self._console.print(said, soft_wrap=True)
            case Note():
                if command.step not in SHOWN_OTHERWISE:
                    details = ", ".join(f"{name} {value}" for name, value in command.detail.items())
                    self.remark(f"{command.step}  {details}  [{command.node}]")
            case Enqueue():
                self._enqueue(command)
            case Hangup():
                self._line("the call ends", "bold green")
            case _:
                pass

    def remark(self, sentence: str) -> None:
        self._line(sentence, "dim")

    def trouble(self, sentence: str) -> None:
        self._line(sentence, "bold red")

    def _enqueue(self, command: Enqueue) -> None:
        where = f"to the queue: topic {command.topic}, language {command.language}"
        where += f", line {command.line}" if command.line else ""
        where += f", priority {command.priority}" if command.priority is not None else ""
        self._line(where, "bold green")
        for key, value in command.data.items():
            mark = " (personal)" if key in command.personal else ""
            self.remark(f"the operator sees {key}: {value or 'nothing'}{mark}")

    def _line(self, sentence: str, style: str) -> None:
        self._console.print(Text(f"  {sentence}", style=style), soft_wrap=True)
