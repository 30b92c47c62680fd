"""Many softphones in several processes, with people at them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from softphone_sim.call_log import CallerOutcome, CallLog
from softphone_sim.ears import Ears
from softphone_sim.habits import CallerHabits, Habits, OperatorHabits
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent, Press, Recording, Say
from softphone_sim.phone import PHONES_PER_PROCESS, AddLine, Dial, HangUp
from softphone_sim.process import WorkerProcess
from softphone_sim.process_pool import CALLERS_LINE, ProcessPool
from softphone_sim.tone import chord, write_wav
from softphone_sim.utterance import seconds_of

PHRASE = 20.0
"""Seconds of tone in a file. The player leaves 20 ms of silence where it begins again."""


class PhonesNotRegistered(Exception):
    """Some operators' phones could not register: `names`. The text says what the registrar answered."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.names = tuple(answers)
        text = ", ".join(f"{name} ({answer or 'no answer'})" for name, answer in answers.items())
        super().__init__(f"phones not registered: {text}")


@dataclass
class _Person:
    """Somebody at a phone, and the process that holds it."""

    habits: Habits
    worker: WorkerProcess
    alarm: asyncio.TimerHandle | None = None
    over: asyncio.Future[CallerOutcome] | None = None


class Farm:
    """Operators' and callers' softphones.

    registrar: "host:port". folder: recordings, tones and the processes' error output go there; made if need be.
    caller_account: (user, secret), or several that the callers' processes use in turn; callers dial with it and
    do not register. callers_from, operators_from: local addresses to call from. on_event is called in the event
    loop for each event, in order per phone; what it raises stops nothing but reaches the loop's handler.
    """

    def __init__(
        self,
        *,
        registrar: str,
        folder: Path,
        caller_account: tuple[str, str] | Sequence[tuple[str, str]],
        on_event: Callable[[PhoneEvent], None] = lambda event: None,
        callers_from: str = "127.0.0.1",
        operators_from: str = "127.0.0.1",
    ) -> None:
        self.tones: dict[str, float] = {}
        """The tone of everybody who was ever at a phone here, for check_audio."""
        self._folder, self._on_event = folder.absolute(), on_event
        self._operators_from = operators_from
        self._pool = ProcessPool(
            registrar=registrar,
            folder=self._folder,
            accounts=_accounts(caller_account),
            callers_from=callers_from,
            on_event=self._saw,
            on_gone=self._process_gone,
        )
        self._log = CallLog()
        self._ears = Ears(self._noticed, self._audible)
        self._people: dict[str, _Person] = {}
        self._operators: frozenset[str] = frozenset()
        self._registered: dict[str, asyncio.Future[None]] = {}
        self._refusals: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._placing = asyncio.Lock()
        self._unplugging: list[asyncio.TimerHandle] = []

    @property
    def sentences(self) -> dict[str, Path]:
        """Sentences that callers know when they hear them (`Reply.to`), and their sound; set before they call."""
        return self._ears.sentences

    @sentences.setter
    def sentences(self, known: dict[str, Path]) -> None:
        self._ears.sentences = known

    @property
    def recordings(self) -> list[Recording]:
        """What each phone heard in each call that is over."""
        return self._log.recordings

    async def start_operators(self, phones: Sequence[OperatorPhone], timeout: float = 10) -> None:  # noqa: ASYNC109
        """Register the operators' phones; one that was unplugged may be plugged in again.

        Raises PhonesNotRegistered naming them, ValueError for a name in use or a code no telephone can dial.
        """
        for phone in phones:
            _must_be_dialable(
                *(code for _, code in phone.dials), *([phone.transfers[1]] if phone.transfers else ())
            )
        names = [phone.name for phone in phones]
        if taken := sorted({name for name in names if name in self._people or names.count(name) > 1}):
            raise ValueError(f"these names have a phone already: {', '.join(taken)}")
        loop = asyncio.get_running_loop()
        self._operators |= frozenset(names)
        self.tones |= {phone.name: phone.tone for phone in phones}
        waiting = {name: loop.create_future() for name in names}
        self._registered |= waiting
        for group in _by_process(phones):
            await self._start_group(group)
        if waiting:
            await asyncio.wait(waiting.values(), timeout=timeout)
        if late := [name for name, future in waiting.items() if not future.done()]:
            raise PhonesNotRegistered({name: self._refusals.get(name, "") for name in late})

    async def _start_group(self, group: Sequence[OperatorPhone]) -> None:
        worker = await self._pool.start(self._operators_from)
        for phone in group:
            tone_file = self._tone_file(phone.tone)
            self._people[phone.name] = _Person(OperatorHabits(phone, time.monotonic(), tone_file), worker)
            worker.lines.append(phone.name)
            worker.send(AddLine(phone.name, phone.name, phone.secret, True, tone_file))
            self._attend(phone.name)
            if phone.unplugged_at is not None:
                loop = asyncio.get_running_loop()
                self._unplugging.append(loop.call_later(phone.unplugged_at, worker.kill))

    async def prepare_callers(self, calls: int) -> None:
        """Start processes for so many calls at once, so that the first of them need not wait."""
        async with self._placing:
            await self._pool.prepare(calls)

    async def call(self, caller: Caller) -> CallerOutcome:
        """Place this call now; returns when it is over. Cancelling hangs up.

        Raises ValueError for a number, keys or sound no telephone has or a person who is on the phone, FarmStopped.
        """
        _must_be_dialable(caller.number, *(act.keys for act in caller.all_acts if isinstance(act, Press)))
        for act in caller.all_acts:
            if isinstance(act, Say):
                seconds_of(act.wav)
        tone_file = self._tone_file(caller.tone)
        async with self._placing:
            if caller.name in self._people:
                raise ValueError(f"{caller.name} is on the phone already")
            worker = await self._pool.for_caller()
            self._numbers[caller.name] += 1
            number = self._numbers[caller.name]
            worker.calls.add((caller.name, number))
            over: asyncio.Future[CallerOutcome] = asyncio.get_running_loop().create_future()
            habits = CallerHabits(caller, number, self._operators, tone_file)
            self._people[caller.name] = _Person(habits, worker, over=over)
        self.tones[caller.name] = caller.tone
        quiet = caller.is_quiet_in_menu
        tone = "" if quiet else tone_file
        worker.send(Dial(CALLERS_LINE, caller.name, caller.number, tone, number, listens=quiet))
        try:
            return await over
        except asyncio.CancelledError:
            worker.send(HangUp(caller.name, number))
            raise

    async def stop(self) -> None:
        """Hang everything up, unregister, end the processes and wait for them.

        Safe twice, half-started and after Ctrl-C; a process that does not leave in a few seconds is killed, and
        all of them at once when this is cancelled.
        """
        for timer in self._unplugging:
            timer.cancel()
        try:
            await self._pool.stop()
        finally:
            for person in self._people.values():
                if person.alarm:
                    person.alarm.cancel()
            await self._ears.stop()

    # What the phones see.

    def _process_gone(self, worker: WorkerProcess) -> None:
        """Unplugged, or died: its phones see nothing more, so this is said for them."""
        now = time.monotonic()
        if not self._pool.stopping:
            for name in worker.lines:
                self._saw(worker, PhoneEvent(name, "unplugged", now))
        for name, number in list(worker.calls):
            self._saw(worker, PhoneEvent(name, "failed", now, number, "the phone's process is gone"))

    def _tone_file(self, tone: float) -> str:
        path = self._folder / "tones" / f"{tone:g}.wav"
        if not path.exists():
            write_wav(path, chord(tone, PHRASE))
        return str(path)

    def _saw(self, worker: WorkerProcess, event: PhoneEvent) -> None:
        outcome = self._note_call(worker, event) if event.call else self._note_registration(event)
        person = self._people.get(event.phone)
        if person is not None:
            person.habits.handle(event)
            self._attend(event.phone)
            if (
                event.kind == "quiet"
                and isinstance(person.habits, CallerHabits)
                and person.habits.caller.replies
            ):
                self._ears.what_was_that(event)
        if event.kind == "unplugged":
            self._people.pop(event.phone, None)
        if outcome is not None and person is not None and person.over is not None:
            self._leave(event.phone, person, outcome)
        try:
            self._on_event(event)
        except Exception as error:  # the listener's fault must not cost a phone its calls
            context = {"message": "a listener to phone events failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)

    def _note_registration(self, event: PhoneEvent) -> None:
        future = self._registered.get(event.phone)
        if event.kind == "registration_failed":
            self._refusals[event.phone] = event.detail
        elif event.kind == "registered" and future is not None and not future.done():
            future.set_result(None)

    def _note_call(self, worker: WorkerProcess, event: PhoneEvent) -> CallerOutcome | None:
        key = (event.phone, event.call)
        worker.calls.add(key)
        outcome = self._log.handle(event)
        if event.kind == "media":
            self._ears.follow(event)
        if outcome is not None:
            worker.calls.discard(key)
            self._ears.forget(key)
        return outcome

    def _leave(self, name: str, person: _Person, outcome: CallerOutcome) -> None:
        if person.alarm:
            person.alarm.cancel()
        del self._people[name]
        if person.over and not person.over.done():
            person.over.set_result(outcome)

    def _attend(self, name: str) -> None:
        """Let a person do what is due, and wake him when the next thing is."""
        person = self._people.get(name)
        if person is None or self._pool.stopping:
            return
        if person.alarm:
            person.alarm.cancel()
        for command in person.habits.due(time.monotonic()):
            person.worker.send(command)
        at = person.habits.wake_at()
        loop = asyncio.get_running_loop()
        person.alarm = None if at is None else loop.call_at(at, self._attend, name)

    def _noticed(self, event: PhoneEvent) -> None:
        """What was found in a recording is an event of its phone like any other."""
        person = self._people.get(event.phone)
        if person is not None:
            self._saw(person.worker, event)

    def _audible(self, name: str) -> dict[str, float]:
        """Whom this person might hear: callers hear operators, operators hear the callers on the phone now."""
        others = self._people.keys() - self._operators if name in self._operators else self._operators
        return {other: self.tones[other] for other in others if other in self.tones}


def _accounts(given: tuple[str, str] | Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    if isinstance(given[0], str):
        user, secret = given
        return [(str(user), str(secret))]
    return [(user, secret) for user, secret in given]


def _by_process(phones: Sequence[OperatorPhone]) -> list[list[OperatorPhone]]:
    """Phones that share a process. One that will be unplugged has its own: nobody else must suffer."""
    steady = [phone for phone in phones if phone.unplugged_at is None]
    shared = [steady[i : i + PHONES_PER_PROCESS] for i in range(0, len(steady), PHONES_PER_PROCESS)]
    return shared + [[phone] for phone in phones if phone.unplugged_at is not None]


def _must_be_dialable(*texts: str) -> None:
    for text in texts:
        if not text or not set(text.removeprefix("+")) <= set("0123456789*#ABCD"):
            raise ValueError("a telephone has no such keys; digits, * and # are possible, and + in front")
