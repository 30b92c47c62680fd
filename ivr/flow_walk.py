"""`./hotline flow walk FILE`: the menu in the terminal, without telephony.

Type keys or words, see what a caller would hear and where he would go. Prompts are heard to their end before
the terminal waits; keys in one line come faster than any prompt, as from a caller who knows the menu by heart.
Words are understood as in a call, except that no engine has to make them out of sound.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from rich.console import Console

from ivr.config import hours, load_site, timezone
from ivr.core.commands import Expect, Listen, Play, StopPlaying
from ivr.core.events import (
    AnyEvent,
    Digit,
    HearingChanged,
    PromptFinished,
    QueueRefused,
    Silence,
    SpeechStarted,
    Started,
    TalkEnded,
)
from ivr.core.flow import BranchNode, Flow, FlowError
from ivr.core.flow_prompts import prompts
from ivr.core.hours import Hours, Interval
from ivr.core.interpreter import Conversation, State
from ivr.finding import has_errors
from ivr.menu_reach import load_with_others
from ivr.typed_speech import is_speech, spoken
from ivr.walk_screen import Screen

HELP = """\
0-9 * #        press these keys
words          say them; with ?0.5 after them they were heard with this confidence only
deaf, hearing  the caller can no longer, or can again, be understood by voice
Enter          silence; in the queue: an operator answers, talks, and hangs up first
full           the queue refuses the call
open, closed   a new call while all opening hours are open, or none
again          a new call
{languages:<14} the same question in this language
quit           leave"""

OPEN = Hours(weekly=((Interval(0, 24 * 60),),) * 7)
CLOSED = Hours(weekly=((),) * 7)
_ASKED = (State.ASKING, State.CONFIRMING)


def run_walk(path: Path, language: str | None = None, site: Path | None = None) -> int:
    """The command: the terminal or a pipe is typed from, the call is now. site: whose opening hours hold."""
    console = Console()
    at, lines = datetime.now(UTC), typed_lines(sys.stdin, console)
    if site is None:
        return walk_file(path, lines=lines, console=console, at=at, language=language)
    read, findings = load_site(site)
    if read is None:
        for finding in findings:
            console.print(str(finding), markup=False, highlight=False, soft_wrap=True)
        return 1
    zone = timezone(read)
    known = {name: hours(entry, at.astimezone(zone).date()) for name, entry in read.hours.items()}
    return walk_file(
        path, lines=lines, console=console, at=at, language=language, opening=known, timezone=zone
    )


def walk_file(
    path: Path,
    *,
    lines: Iterable[str],
    console: Console,
    at: datetime,
    language: str | None = None,
    opening: Mapping[str, Hours] | None = None,
    timezone: ZoneInfo | None = None,
) -> int:
    """Walk through a menu file and the menus beside it that it leads to.

    lines: what is typed; its end ends the walk. at: the aware time of the call. language: None is the first
    that the menu has. opening: hours by name; names that the menu asks for and nobody gives are open.
    Returns the exit code: 1 when a file cannot be read or the menu leads nowhere, which is shown.
    """
    flows, findings = load_with_others(path)
    screen = Screen(console, {name: texts for flow in flows.values() for name, texts in prompts(flow)})
    for finding in findings:
        screen.trouble(str(finding))
    if has_errors(findings):
        return 1
    zone = timezone or ZoneInfo("UTC")
    walk = Walk(flows, path.stem, screen, at=at, timezone=zone, language=language, hours=opening or {})
    return walk.run(lines)


def typed_lines(stream: TextIO, console: Console) -> Iterator[str]:
    """The lines of a terminal, each after a prompt sign, or of a pipe, without."""
    while True:
        if stream.isatty():
            console.print("> ", end="")
        line = stream.readline()
        if not line:
            return
        yield line


class Walk:
    """One or more imagined calls to a menu; see `walk_file`."""

    def __init__(
        self,
        flows: Mapping[str, Flow],
        start: str,
        screen: Screen,
        *,
        at: datetime,
        timezone: ZoneInfo,
        language: str | None,
        hours: Mapping[str, Hours],
    ) -> None:
        self._flows, self._start, self._screen, self._at, self._timezone = flows, start, screen, at, timezone
        self._languages = _languages(flows[start])
        self._language = language or next(iter(self._languages), "ru")
        self._hours = dict.fromkeys(_hours_asked_for(flows), OPEN) | dict(hours)
        self._playing = False
        self._hearing = True
        self._expect: Expect | None = None

    def run(self, lines: Iterable[str]) -> int:
        for line in HELP.format(languages=", ".join(self._languages)).splitlines():
            self._screen.remark(line)
        try:
            self._call(self._start)
            for line in map(str.strip, lines):
                if line == "quit":
                    break
                self._typed(line)
        except FlowError as error:
            self._screen.trouble(f"{error}. `./hotline check` finds this beforehand.")
            return 1
        return 0

    def _call(self, start: str, kept: Conversation | None = None) -> None:
        self._conversation = Conversation(
            self._flows,
            start,
            hours=self._hours,
            timezone=self._timezone,
            language=self._language,
            data=kept.data if kept else None,
            personal=kept.personal if kept else (),
        )
        self._expect = None
        self._happens(Started(hearing=self._hearing))
        self._hear_out()

    def _typed(self, line: str) -> None:
        if line in ("open", "closed"):
            self._hours = dict.fromkeys(self._hours, OPEN if line == "open" else CLOSED)
            self._call(self._start)
        elif line == "again":
            self._call(self._start)
        elif line in self._languages:
            self._speak(line)
        elif line in ("deaf", "hearing"):
            self._hearing = line == "hearing"
            self._happens(HearingChanged(self._hearing))
            self._hear_out()
        else:
            self._do(line)
            self._hear_out()

    def _speak(self, language: str) -> None:
        self._language = language
        if self._conversation.state in _ASKED:
            self._call(self._conversation.node, self._conversation)
        else:
            self._call(self._start)

    def _do(self, line: str) -> None:
        """What is done to the present call."""
        state = self._conversation.state
        if state in _ASKED and line and set(line) <= set("0123456789*#"):
            for key in line:
                self._happens(Digit(key))
        elif state in _ASKED and self._expect is not None and line != "full" and is_speech(line):
            said = spoken(line, self._expect)
            self._happens(SpeechStarted())
            self._happens(said)
        elif state in _ASKED and not line:
            self._happens(Silence())
        elif state is State.QUEUED and line in ("", "full"):
            self._happens(QueueRefused("refused by hand") if line else TalkEnded())
        else:
            self._screen.remark(f"{line or 'silence'!r} means nothing here")

    def _hear_out(self) -> None:
        """Let the prompts end, until the menu waits for somebody."""
        while self._playing:
            self._happens(PromptFinished())
        match self._conversation.state:
            case State.ASKING | State.CONFIRMING:
                self._screen.remark(f"waits {self._wait:g} s  [{self._conversation.node}]")
            case State.QUEUED:
                self._screen.remark("Enter: an operator answers.  full: the queue refuses.")
            case _:
                self._screen.remark("again: a new call.  quit: leave.")

    def _happens(self, event: AnyEvent) -> None:
        self._screen.event(event)
        self._playing = self._playing and not isinstance(event, PromptFinished)
        for command in self._conversation.handle(event, self._at):
            if isinstance(command, Play | StopPlaying):
                self._playing = isinstance(command, Play)
            elif isinstance(command, Listen):
                self._wait, self._expect = command.seconds, command.speech
            self._screen.command(command)


def _languages(flow: Flow) -> list[str]:
    """In the order the file first uses them: the first is its main one."""
    return list(dict.fromkeys(language for _, texts in prompts(flow) for language in texts))


def _hours_asked_for(flows: Mapping[str, Flow]) -> set[str]:
    nodes = (node for flow in flows.values() for node in flow.nodes.values())
    branches = (node for node in nodes if isinstance(node, BranchNode) and node.on == "hours")
    return {name for branch in branches for name in branch.cases}
