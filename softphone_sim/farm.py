"""Many softphones in several processes, with people at them."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from softphone_sim.ears import Ear
from softphone_sim.habits import OVER, CallerHabits, Habits, OperatorHabits
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent, Recording
from softphone_sim.phone import CALLS_PER_PROCESS, PHONES_PER_PROCESS, AddLine, Dial, HangUp, Start
from softphone_sim.process import WorkerProcess
from softphone_sim.tone import phrase, write_wav

RTP_FIRST, RTP_LAST, RTP_BLOCK = 20000, 32000, 128
"""Ports for sound, below the range the kernel gives away; one block per process."""

LISTEN_EVERY = 0.1


class PhonesNotRegistered(Exception):
    """Some operators' phones could not register. names: whose; the text says what the registrar answered."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.names = tuple(answers)
        text = ", ".join(f"{name} ({answer or 'no answer'})" for name, answer in answers.items())
        super().__init__(f"phones not registered: {text}")


@dataclass
class CallerOutcome:
    """What became of a caller's call. Times: monotonic seconds.

    ended_by: caller, hotline or failed. status: the final SIP status (200, 486, 603 ...), 0 if there was none.
    heard: when another phone's tone was first heard, and heard_whom it belongs to.
    """

    caller: str
    answered: float | None = None
    ended: float = 0.0
    ended_by: str = "failed"
    status: int = 0
    recording: Recording | None = None
    heard: float | None = None
    heard_whom: str | None = None


@dataclass
class _Person:
    """Somebody at a phone, with the process that holds it."""

    habits: Habits
    worker: WorkerProcess
    alarm: asyncio.TimerHandle | None = None


@dataclass
class _OpenCall:
    """A call that is not over."""

    outcome: CallerOutcome
    path: Path | None = None
    recording_from: float = 0.0
    ear: Ear | None = None
    over: asyncio.Future[CallerOutcome] | None = field(default=None)


class Farm:
    """Operators' and callers' softphones.

    registrar: "host:port". folder: recordings, tones and the processes' error output go there.
    callers_from: local address of callers' phones. caller_account: (user, secret), or several to be used in turn;
    callers dial with it and do not register. on_event is called in the event loop, once for each event.
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
        self.recordings: list[Recording] = []
        self.tones: dict[str, float] = {}
        self._registrar, self._folder, self._on_event = registrar, folder, on_event
        self._callers_from, self._operators_from = callers_from, operators_from
        self._accounts = _accounts(caller_account)
        self._workers: list[WorkerProcess] = []
        self._caller_workers: list[WorkerProcess] = []
        self._people: dict[str, _Person] = {}
        self._open: dict[tuple[str, int], _OpenCall] = {}
        self._operators: set[str] = set()
        self._registered: dict[str, asyncio.Future[None]] = {}
        self._answers: dict[str, str] = {}
        self._calls: Counter[str] = Counter()
        self._blocks = _free_blocks(os.getpid())
        self._starting = asyncio.Lock()
        self._timers: list[asyncio.TimerHandle] = []
        self._listening: asyncio.Task[None] | None = None
        self._stopping = False

    async def start_operators(self, phones: Sequence[OperatorPhone], timeout: float = 10) -> None:
        """Register the operators' phones. Raises PhonesNotRegistered, naming them."""
        loop = asyncio.get_running_loop()
        self._operators |= {phone.name for phone in phones}
        self.tones |= {phone.name: phone.tone for phone in phones}
        self._registered |= {phone.name: loop.create_future() for phone in phones}
        waiting = {phone.name: self._registered[phone.name] for phone in phones}
        unpluggable = [[phone] for phone in phones if phone.unplugged_at is not None]
        others = [phone for phone in phones if phone.unplugged_at is None]
        groups = unpluggable + [
            others[i : i + PHONES_PER_PROCESS] for i in range(0, len(others), PHONES_PER_PROCESS)
        ]
        await asyncio.gather(*(self._start_group(group) for group in groups))
        _, missing = await asyncio.wait(waiting.values(), timeout=timeout)
        if missing:
            late = [name for name, future in waiting.items() if future in missing]
            raise PhonesNotRegistered({name: self._answers.get(name, "") for name in late})

    async def _start_group(self, group: Sequence[OperatorPhone]) -> None:
        worker = await self._start_worker(self._operators_from)
        for phone in group:
            tone_file = self._tone_file(phone.tone)
            habits = OperatorHabits(phone, time.monotonic(), tone_file)
            self._people[phone.name] = _Person(habits, worker)
            worker.lines.append(phone.name)
            worker.send(AddLine(phone.name, phone.name, phone.secret, True, tone_file))
            self._schedule(phone.name)
            if phone.unplugged_at is not None:
                loop = asyncio.get_running_loop()
                self._timers.append(loop.call_later(phone.unplugged_at, self._unplug, phone.name))

    async def prepare_callers(self, calls: int) -> None:
        """Start processes for so many calls at once, so that the first ones need not wait for them."""
        while len(self._caller_workers) * CALLS_PER_PROCESS < calls:
            await self._start_caller_worker()

    async def call(self, caller: Caller) -> CallerOutcome:
        """Place this call now; returns when it is over. Cancelling hangs up. Raises ValueError if he is on the phone."""
        if caller.name in self._people:
            raise ValueError(f"{caller.name} is on the phone already")
        tone_file = self._tone_file(caller.tone)
        self._calls[caller.name] += 1
        number = self._calls[caller.name]
        worker = await self._free_caller_worker((caller.name, number))
        habits = CallerHabits(caller, number, frozenset(self._operators))
        self._people[caller.name] = _Person(habits, worker)
        self.tones[caller.name] = caller.tone
        over: asyncio.Future[CallerOutcome] = asyncio.get_running_loop().create_future()
        self._open[caller.name, number] = _OpenCall(CallerOutcome(caller.name), over=over)
        worker.send(Dial("line", caller.name, caller.number, tone_file, number))
        try:
            return await over
        except asyncio.CancelledError:
            worker.send(HangUp(caller.name, number))
            raise

    async def stop(self) -> None:
        """Hang everything up, unregister, end the processes and wait for them; twice and half-started are fine."""
        self._stopping = True
        for timer in self._timers:
            timer.cancel()
        async with self._starting:
            workers = list(self._workers)
        try:
            await asyncio.gather(*(worker.stop() for worker in workers))
        finally:
            for worker in workers:
                worker.kill()
            if self._listening:
                self._listening.cancel()
                with suppress(asyncio.CancelledError):
                    await self._listening

    # processes

    async def _free_caller_worker(self, call: tuple[str, int]) -> WorkerProcess:
        async with self._starting:
            free = [worker for worker in self._caller_workers if len(worker.calls) < CALLS_PER_PROCESS]
        worker = free[0] if free else await self._start_caller_worker()
        worker.calls.add(call)
        return worker

    async def _start_caller_worker(self) -> WorkerProcess:
        user, secret = self._accounts[len(self._caller_workers) % len(self._accounts)]
        worker = await self._start_worker(self._callers_from)
        worker.send(AddLine("line", user, secret, False, ""))
        self._caller_workers.append(worker)
        return worker

    async def _start_worker(self, bind: str) -> WorkerProcess:
        async with self._starting:
            if self._stopping:
                raise RuntimeError("the farm is stopping")
            self._folder.mkdir(parents=True, exist_ok=True)
            start = Start(self._registrar, bind, self._block(bind), RTP_BLOCK, str(self._folder))
            errors = self._folder / f"process-{len(self._workers) + 1}.log"
            worker = await WorkerProcess.start(start, errors, self._saw)
            self._workers.append(worker)
            worker.gone.add_done_callback(lambda _: self._process_gone(worker))
            return worker

    def _block(self, bind: str) -> int:
        return next(block for block in self._blocks if _all_free(bind, block))

    def _unplug(self, name: str) -> None:
        self._people[name].worker.kill()

    def _process_gone(self, worker: WorkerProcess) -> None:
        now = time.monotonic()
        if worker in self._caller_workers:
            self._caller_workers.remove(worker)
        for name in worker.lines if not self._stopping else ():
            self._saw(worker, PhoneEvent(name, "unplugged", now))
        for name, call in [key for key in self._open if self._people[key[0]].worker is worker]:
            self._saw(worker, PhoneEvent(name, "failed", now, call, "the phone's process ended"))

    def _tone_file(self, tone: float) -> str:
        path = self._folder / "tones" / f"{tone:g}.wav"
        if not path.exists():
            write_wav(path, phrase(tone))
        return str(path)

    # what the phones saw

    def _saw(self, worker: WorkerProcess, event: PhoneEvent) -> None:
        self._note_registration(event)
        if event.call:
            self._note_call(worker, event)
        person = self._people.get(event.phone)
        if person:
            person.habits.handle(event)
        self._on_event(event)
        self._schedule(event.phone)

    def _note_registration(self, event: PhoneEvent) -> None:
        if event.kind == "registration_failed":
            self._answers[event.phone] = event.detail
        if event.kind == "registered":
            future = self._registered.get(event.phone)
            if future and not future.done():
                future.set_result(None)

    def _note_call(self, worker: WorkerProcess, event: PhoneEvent) -> None:
        key = (event.phone, event.call)
        call = self._open.setdefault(key, _OpenCall(CallerOutcome(event.phone)))
        if event.kind == "answered":
            call.outcome.answered = event.at
        elif event.kind == "media":
            call.path, call.recording_from = Path(event.detail), event.at
            call.ear = Ear(call.path, event.at)
            if self._listening is None or self._listening.done():
                self._listening = asyncio.create_task(self._listen())
        elif event.kind == "heard" and call.outcome.heard is None:
            call.outcome.heard, call.outcome.heard_whom = event.at, event.detail
        elif event.kind in OVER:
            del self._open[key]
            worker.calls.discard(key)
            self._close(key, call, event)

    def _close(self, key: tuple[str, int], call: _OpenCall, event: PhoneEvent) -> None:
        outcome = call.outcome
        outcome.ended = event.at
        outcome.ended_by = {"hung_up": "caller", "ended": "hotline"}.get(event.kind, "failed")
        code = event.detail.partition(" ")[0]
        outcome.status = int(code) if code.isdigit() else 0
        if call.path:
            outcome.recording = Recording(*key, call.path, call.recording_from, event.at)
            self.recordings.append(outcome.recording)
        if call.over:
            person = self._people.pop(key[0])
            if person.alarm:
                person.alarm.cancel()
            if not call.over.done():
                call.over.set_result(replace(outcome))

    def _schedule(self, name: str) -> None:
        person = self._people.get(name)
        if person is None:
            return
        if person.alarm:
            person.alarm.cancel()
        for command in person.habits.due(time.monotonic()):
            person.worker.send(command)
        at = person.habits.wake_at()
        if at is not None:
            person.alarm = asyncio.get_running_loop().call_at(at, self._schedule, name)

    async def _listen(self) -> None:
        while self._open:
            for (name, number), call in list(self._open.items()):
                if call.ear:
                    wanted = self._audible(name)
                    for whom, at in call.ear.listen(wanted):
                        self._saw(self._people[name].worker, PhoneEvent(name, "heard", at, number, whom))
            await asyncio.sleep(LISTEN_EVERY)

    def _audible(self, name: str) -> dict[str, float]:
        """Whom this person might hear: callers hear operators, operators hear the callers on the phone now."""
        if name not in self._operators:
            return {other: self.tones[other] for other in self._operators}
        return {other: self.tones[other] for other in self._people if other not in self._operators}


def _accounts(given: tuple[str, str] | Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    match given:
        case (str(user), str(secret)):
            return [(user, secret)]
        case _:
            return list(given)  # type: ignore[arg-type]


def _free_blocks(salt: int) -> Iterator[int]:
    """First ports of blocks for sound; a second farm beside this one begins elsewhere."""
    count = (RTP_LAST - RTP_FIRST) // RTP_BLOCK
    for index in range(count):
        yield RTP_FIRST + RTP_BLOCK * ((index + salt * 29) % count)


def _all_free(bind: str, block: int) -> bool:
    for port in range(block, block + RTP_BLOCK):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((bind, port))
            except OSError:
                return False
    return True
