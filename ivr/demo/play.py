"""The play itself: a hotline of its own, people at softphones, everything seen kept for the judge."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from typing import Any

from rich.console import Console
from rich.live import Live

from acd.records.reading import Records
from ivr.control_socket import ControlClient, NotRunning, connected
from ivr.demo.cast import Arrival, Cast
from ivr.demo.judge import Evidence, Summary, judge
from ivr.demo.rehearsal import Rehearsal
from ivr.demo.view import live
from ivr.instance import Instance
from ivr.settings import Settings
from ivr.site import Site
from ivr.starting import start_keeper, stop, wait_ready
from softphone_sim.call_log import CallerOutcome
from softphone_sim.farm import Farm
from softphone_sim.person import PhoneEvent

SIGN_IN_WITHIN = 10.0
QUIET_WITHIN = 60.0  # seconds after the last caller in which every operator has to be free again
LEAVING_WITHIN = 180.0  # seconds after the last arrival in which everybody has to be served
DRAW_EVERY = 0.5


class Interrupted(Exception):
    """Ctrl-C."""


class Play:
    """One demonstration in one instance's folder."""

    def __init__(
        self,
        instance: Instance,
        site: Site,
        secrets: dict[str, str],
        rehearsal: Rehearsal,
        *,
        seconds: float,
    ) -> None:
        self._instance, self._site, self._seconds = instance, site, seconds
        self._settings = Settings.read(instance)
        self._book, self._voices = rehearsal.book, rehearsal.voices
        self._cast: Cast = rehearsal.cast
        self._events: list[PhoneEvent] = []
        self._outcomes: dict[str, CallerOutcome] = {}
        self._figures: dict[str, Any] = {}
        self._dialled = 0
        self._interrupted = asyncio.Event()
        self.first_heard: float | None = None
        self._farm = Farm(
            registrar=f"{self._settings.sip_bind}:{self._settings.sip_port}",
            folder=instance.home / "phones",
            caller_account=[(name, secrets[name]) for name in site.telephony.callers],
            on_event=self._saw,
        )
        self._farm.sentences = rehearsal.sentences

    def interrupt(self) -> None:
        self._interrupted.set()

    async def run(self, console: Console) -> Summary:
        """Raises Interrupted, CannotStart, PhonesNotRegistered; leaves no process and no port behind."""
        keeper = start_keeper(self._instance)
        acting = asyncio.create_task(self._act(keeper, console))
        stopped = asyncio.create_task(self._interrupted.wait())
        try:
            await asyncio.wait({acting, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not acting.done():
                raise Interrupted
            states = acting.result()
        finally:
            for task in (acting, stopped):
                task.cancel()
            await asyncio.gather(acting, stopped, return_exceptions=True)
            self._voices.close()
            await self._farm.stop()
            await asyncio.to_thread(_end, self._instance, keeper)
        return judge(await self._evidence(states))

    async def _act(self, keeper: subprocess.Popen[bytes], console: Console) -> dict[str, str]:
        """From the first phone to the last call; returns the operators' states at the end."""
        console.print("hotline: starting Asterisk, the controller and the phones", highlight=False)
        await asyncio.gather(
            wait_ready(self._instance, keeper), self._farm.prepare_callers(min(12, len(self._cast.arrivals)))
        )
        await self._farm.start_operators(self._cast.operators)
        async with connected(self._instance.socket) as client:
            await self._signed_in(client)
            with Live(console=console, refresh_per_second=4, transient=not console.is_terminal) as screen:
                drawing = asyncio.create_task(self._draw(client, screen))
                try:
                    await self._callers()
                finally:
                    drawing.cancel()
                    await asyncio.gather(drawing, return_exceptions=True)
            return await self._quiet(client)

    async def _signed_in(self, client: ControlClient) -> None:
        """Until the operators have dialled themselves in; those who cannot are the judge's affair."""
        until = time.monotonic() + SIGN_IN_WITHIN
        while time.monotonic() < until:
            states = await self._states(client)
            if all(state == "ready" for state in states.values()):
                return
            await asyncio.sleep(0.1)

    async def _callers(self) -> None:
        """Everybody dials when his time has come. Returns when all are done."""
        self._begun = time.monotonic()
        # Not before the phones are there: synthesis takes the processors that the start needs.
        self._voices.begin(said for arrival in self._cast.arrivals for said in arrival.utterances)
        calls = [asyncio.create_task(self._one(arrival)) for arrival in self._cast.arrivals]
        try:
            async with asyncio.timeout(self._seconds + LEAVING_WITHIN):
                await asyncio.gather(*calls)
        except TimeoutError:
            pass  # the judge sees who was never served
        finally:
            for call in calls:
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)

    async def _one(self, arrival: Arrival) -> None:
        await asyncio.sleep(max(0.0, self._begun + arrival.at - time.monotonic()))
        for sound in self._voices.ready(map(self._voices.place, arrival.utterances)):
            await asyncio.wrap_future(sound)  # a first demo on a slow machine: he rings up a bit later
        self._dialled += 1
        self._outcomes[arrival.caller.name] = CallerOutcome(arrival.caller.name)
        self._outcomes[arrival.caller.name] = await self._farm.call(arrival.caller)

    def _saw(self, event: PhoneEvent) -> None:
        self._events.append(event)
        if event.kind == "heard" and self.first_heard is None:
            self.first_heard = event.at

    async def _draw(self, client: ControlClient, screen: Live) -> None:
        while True:
            with contextlib.suppress(NotRunning):
                self._figures = await client.ask("figures")
                screen.update(
                    live(
                        self._figures,
                        elapsed=time.monotonic() - self._begun,
                        dialled=self._dialled,
                        done=sum(outcome.ended > 0 for outcome in self._outcomes.values()),
                        language=self._site.languages[0],
                    )
                )
            await asyncio.sleep(DRAW_EVERY)

    async def _quiet(self, client: ControlClient) -> dict[str, str]:
        """The operators' states once nobody rings, talks or writes up any more, or when patience ends."""
        until = time.monotonic() + QUIET_WITHIN
        states = await self._states(client)
        while time.monotonic() < until:
            if not any(state in ("ringing", "talking", "wrapping up") for state in states.values()):
                break
            await asyncio.sleep(0.2)
            states = await self._states(client)
        return states

    async def _states(self, client: ControlClient) -> dict[str, str]:
        figures = await client.ask("figures")
        return {one["id"]: one["state"] for one in figures["operators"]}

    async def _evidence(self, states: dict[str, str]) -> Evidence:
        records = await Records.open(self._settings.database)
        try:
            rows = await records.calls()
            entries = [entry async for entry in records.read()]
        finally:
            await records.close()
        return Evidence(
            site=self._site,
            cast=self._cast,
            outcomes=self._outcomes,
            events=sorted(self._events, key=lambda event: event.at),
            recordings=self._farm.recordings,
            tones=self._farm.tones,
            rows=rows,
            entries=entries,
            states=states,
            book=self._book,
        )


def _end(instance: Instance, keeper: subprocess.Popen[bytes]) -> None:
    """Ends the hotline also when Ctrl-C came before its keeper had taken its folder."""
    if not stop(instance) and keeper.poll() is None:
        keeper.terminate()
    keeper.wait()
