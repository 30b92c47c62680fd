"""What a person does next, given what his phone saw: pure, the clock comes in as an argument."""

from __future__ import annotations

from typing import Protocol

from softphone_sim.agenda import Agenda
from softphone_sim.call_log import OVER
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent, Press
from softphone_sim.phone import Answer, BeginTone, Command, Dial, HangUp, PressKeys, Speak, Transfer

CODE_PATIENCE = 15.0
"""Seconds an operator listens to the answer to a feature code."""


class Habits(Protocol):
    """A person at a phone."""

    def handle(self, event: PhoneEvent) -> None:
        """Take notice of what the phone saw."""
        ...

    def due(self, now: float) -> list[Command]:
        """What he does at this moment; each thing once."""
        ...

    def wake_at(self) -> float | None:
        """When he wants to do something next, monotonic seconds."""
        ...


class CallerHabits:
    """Dials, presses keys and speaks as planned, and hangs up when done, fed up, or satisfied."""

    def __init__(self, caller: Caller, call: int, operators: frozenset[str], tone_file: str = "") -> None:
        self.caller = caller
        self.call = call
        self.operators = operators
        self._hang_up_at: float | None = None
        self._agenda = Agenda(caller.presses + caller.does, caller.replies)
        self._talking = False
        self._tone_file = tone_file if caller.is_quiet_in_menu else ""

    def handle(self, event: PhoneEvent) -> None:
        """Dialled and answered set his patience; an operator's voice sets the end of the talk."""
        caller = self.caller
        if event.kind == "dialled":
            self._hang_up_at = event.at + caller.hangs_up_after
        elif event.kind == "answered":
            self._hang_up_at = event.at + caller.hangs_up_after
            self._agenda.begin(event.at)
        elif event.kind == "said":
            self._agenda.go_on(event.at)
        elif event.kind in ("sounds", "quiet"):
            self._agenda.line_is(event.kind, event.at)
        elif event.kind == "understood":
            self._agenda.understood(event.detail, event.at)
        elif event.kind == "heard" and event.detail in self.operators:
            self._meets_operator(event.at)
        elif event.kind in OVER:
            self._hang_up_at = None
            self._agenda.give_up()

    def _meets_operator(self, at: float) -> None:
        if self.caller.talk_for is not None and not self._talking:
            self._hang_up_at = at + self.caller.talk_for
        self._talking = True
        if self.caller.is_quiet_in_menu:
            self._agenda.give_up()

    def due(self, now: float) -> list[Command]:
        """Keys and words whose time has come, his tone, then perhaps the end."""
        commands: list[Command] = []
        name, call = self.caller.name, self.call
        while (act := self._agenda.next_due(now)) is not None:
            if isinstance(act, Press):
                commands.append(PressKeys(name, call, act.keys))
            else:
                commands.append(Speak(name, call, str(act.wav)))
        if self._talking and self._tone_file:
            commands.append(BeginTone(name, call, self._tone_file))
            self._tone_file = ""
        if self._hang_up_at is not None and self._hang_up_at <= now:
            self._hang_up_at = None
            commands.append(HangUp(self.caller.name, self.call))
        return commands

    def wake_at(self) -> float | None:
        """The next key or word, or the end."""
        times = (self._agenda.wake_at(), self._hang_up_at)
        return min((at for at in times if at is not None), default=None)


class OperatorHabits:
    """Answers, refuses or ignores; talks, transfers, dials codes when he has no call."""

    def __init__(self, phone: OperatorPhone, started: float, tone_file: str) -> None:
        self.phone = phone
        self.tone_file = tone_file
        self._dials = sorted((started + after, code) for after, code in phone.dials)
        self._agenda: list[tuple[float, Answer | HangUp | Transfer]] = []
        self._calls: set[int] = set()
        self._dialled: set[int] = set()

    def handle(self, event: PhoneEvent) -> None:
        """A ring asks for his answer; an answered call for its end or its transfer."""
        if event.kind == "unplugged":
            self._dials.clear()
            self._agenda.clear()
        elif event.kind in OVER:
            self._calls.discard(event.call)
            self._dialled.discard(event.call)
            self._agenda = [(at, what) for at, what in self._agenda if what.call != event.call]
        elif event.kind == "dialled":
            self._calls.discard(-1)
            self._calls.add(event.call)
            self._dialled.add(event.call)
            self._plan(event.at + CODE_PATIENCE, HangUp(self.phone.name, event.call))
        elif event.kind == "ringing" and event.call not in self._dialled:
            self._calls.add(event.call)
            self._rings(event)
        elif event.kind == "answered" and event.call not in self._dialled:
            self._talks(event)

    def _rings(self, event: PhoneEvent) -> None:
        if self.phone.rejects:
            self._plan(event.at, Answer(self.phone.name, event.call, 486))
        elif self.phone.answers_after is not None:
            self._plan(event.at + self.phone.answers_after, Answer(self.phone.name, event.call))

    def _talks(self, event: PhoneEvent) -> None:
        if self.phone.transfers is not None:
            after, code = self.phone.transfers
            self._plan(event.at + after, Transfer(self.phone.name, event.call, code))
        if self.phone.talk_for is not None:
            self._plan(event.at + self.phone.talk_for, HangUp(self.phone.name, event.call))

    def _plan(self, at: float, what: Answer | HangUp | Transfer) -> None:
        self._agenda.append((at, what))
        self._agenda.sort(key=lambda item: item[0])

    def due(self, now: float) -> list[Command]:
        """What is due on his calls; a code only while he has none."""
        commands: list[Command] = []
        while self._agenda and self._agenda[0][0] <= now:
            commands.append(self._agenda.pop(0)[1])
        if not self._calls and self._dials and self._dials[0][0] <= now:
            code = self._dials.pop(0)[1]
            self._calls.add(-1)  # until the phone says that it dials
            commands.append(Dial(self.phone.name, self.phone.name, code, self.tone_file))
        return commands

    def wake_at(self) -> float | None:
        """The next thing on a call, or the next code if he has no call."""
        times = [at for at, _ in self._agenda[:1]]
        if not self._calls:
            times += [at for at, _ in self._dials[:1]]
        return min(times, default=None)
