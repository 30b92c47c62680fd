"""A speech worker that hears what the test lets it hear, and demands manners of the controller."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from ivr.hearing import messages
from ivr.hearing.messages import FromController, FromWorker
from speech.expectation import Expectation, Meaning


class ScriptedWorker:
    """A link to a worker, as the pool holds it: as `ivr.hearing.client.WorkerLink` with a worker behind it.

    Whose turn it is to speak, the test says: what the worker does of itself is to come, to refuse while it is
    drained, and to tell its load. `rude`: what no controller may do, by what it did.

    open: ear -> the present (turn, expectation). said: everything it was told.
    """

    def __init__(
        self, address: str, on_message: Callable[[FromWorker], None], on_state: Callable[[bool], None]
    ) -> None:
        self.address = address
        self._on_message, self._on_state = on_message, on_state
        self.ready: messages.Ready | None = None
        self.load: messages.Load | None = None
        self.open: dict[str, tuple[int, Expectation | None]] = {}
        self.said: list[FromController] = []
        self.rude: list[str] = []
        self._ever: set[str] = set()
        self._draining = False
        self.started = self.closed = False

    @property
    def well(self) -> bool:
        return self.ready is not None

    def start(self) -> None:
        self.started = True

    async def close(self) -> None:
        self.closed = True

    def send(self, message: FromController) -> bool:
        if not self.well:
            return False
        self.said.append(message)
        match message:
            case messages.Open(ear=ear):
                UUID(ear)
                if ear in self._ever:
                    self.rude.append("opened an ear twice")
                self._ever.add(ear)
                self.open[ear] = (0, None)
                if self._draining:
                    self.refuses(ear, "draining")
            case messages.Drain(on=on):
                self._draining = on
                self.loaded(accepting=not on)
            case messages.Expect(ear=ear, turn=turn, expectation=expectation):
                if ear in self.open and turn <= self.open[ear][0]:
                    self.rude.append("a turn that is not after the last one")
                self._must_be_open(ear)
                self.open[ear] = (turn, expectation)
            case messages.Playing(ear=ear) | messages.Key(ear=ear):
                self._must_be_open(ear)
            case messages.Close(ear=ear):
                self._must_be_open(ear)
                self.open.pop(ear, None)
            case _:
                pass
        return True

    def _must_be_open(self, ear: str) -> None:
        if ear not in self.open:
            self.rude.append("spoke of an ear that is not open")

    # What the worker does.

    def comes(self, *languages: str, accepting: bool = True, busy: float = 0.0) -> None:
        audio = f"127.0.0.1:{self.address.rpartition(':')[2]}"
        self.ready = messages.Ready(1, {language: f"model-{language}" for language in languages}, audio)
        self._on_message(self.ready)
        self._on_state(True)
        self.loaded(accepting=accepting, busy=busy)

    def loaded(self, *, accepting: bool = True, busy: float = 0.0) -> None:
        self.load = messages.Load(len(self.open), 0, busy, 0.0, accepting, 0)
        self._on_message(self.load)

    def dies(self) -> None:
        self.ready = self.load = None
        self.open.clear()
        self._on_state(False)

    def opened(self, ear: str) -> None:
        self._on_message(messages.Opened(ear))

    def refuses(self, ear: str, why: str = "full") -> None:
        self.open.pop(ear)
        self._on_message(messages.Refused(ear, why))

    def loses(self, ear: str, why: str = "") -> None:
        self.open.pop(ear)
        self._on_message(messages.Lost(ear, why))

    def began(self, ear: str, turn: int | None = None) -> None:
        self._on_message(messages.Began(ear, self.open[ear][0] if turn is None else turn, 0.1))

    def heard(self, ear: str, meaning: Meaning, turn: int | None = None) -> None:
        turn = self.open[ear][0] if turn is None else turn
        self._on_message(messages.Heard(ear, turn, meaning, 1.0, 0.3))

    @property
    def ear(self) -> str:
        """The only one."""
        [ear] = self.open
        return ear

    @property
    def expected(self) -> Expectation | None:
        return self.open[self.ear][1]


class Workers:
    """make_link of a pool, and the workers by address."""

    def __init__(self) -> None:
        self.by_address: dict[str, ScriptedWorker] = {}

    def __call__(self, address: str, on_message: Any, on_state: Any) -> ScriptedWorker:
        self.by_address[address] = ScriptedWorker(address, on_message, on_state)
        return self.by_address[address]

    def __getitem__(self, address: str) -> ScriptedWorker:
        return self.by_address[address]

    @property
    def rude(self) -> list[str]:
        return [one for worker in self.by_address.values() for one in worker.rude]
