"""The menus in force: calls take the present version with them, a reload changes only who comes after."""

from __future__ import annotations

import asyncio
from pathlib import Path

import structlog

from acd.core.model import OperatorId, TopicId
from ivr.core.interpreter import Conversation, State
from ivr.recovery import MenuPlace
from ivr.site import NumberEntry
from ivr.site_loading import Loaded, load_all, prompts_of
from ivr.sounds import Sounds
from speech.saying.prompts import PromptStore

log = structlog.get_logger()


class MenusRefused(Exception):
    """Callers would hear nothing at some place of these menus; the text says where and what to do."""


class Menus:
    """One site's present version, with its sounds. `take` replaces both together or not at all."""

    def __init__(self, path: Path, sounds: Path) -> None:
        self.path = path
        self._folder = sounds
        self.loaded: Loaded
        self.sounds: Sounds

    async def load(self) -> Loaded:
        """Read, check, make the sounds, put into force. Raises SiteUnusable or MenusRefused and changes nothing."""
        loaded = await asyncio.to_thread(load_all, self.path)
        store = await asyncio.to_thread(self._prepared, loaded)
        self.loaded, self.sounds = loaded, Sounds(store, loaded.site)
        log.info("the menus are in force", version=loaded.version)
        return loaded

    def _prepared(self, loaded: Loaded) -> PromptStore:
        site = loaded.site
        store = PromptStore(
            self._folder,
            site.languages,
            voices=site.prompts.voices,
            recorded=site.recorded_folder(),
        )
        report = store.prepare([*prompts_of(loaded), *Sounds.fixed(site)])
        problems = [*report.problems, *store.verify()]
        if problems:
            raise MenusRefused("\n".join(str(problem) for problem in problems))
        for remark in report.remarks:
            log.warning("a remark on prompts", remark=remark)
        return store

    def number(self, dialled: str) -> NumberEntry:
        """The number's entry; a number the site no longer has gets the first one's menu."""
        numbers = self.loaded.site.numbers
        return next((entry for entry in numbers if entry.number == dialled), numbers[0])

    def conversation(
        self, number: NumberEntry, place: MenuPlace | None = None, *, queued: bool = False
    ) -> Conversation:
        """A new caller's, or, with his place, that of one whom an earlier controller had."""
        loaded = self.loaded
        start = place.node if place and self._knows(place.node) else None
        language = (place.language if place else None) or number.language or loaded.site.languages[0]
        return Conversation(
            loaded.flows,
            start or Path(number.menu).stem,
            hours=loaded.hours,
            timezone=loaded.timezone,
            language=language,
            state=State.QUEUED if queued and start else State.NEW,
        )

    def _knows(self, node: str | None) -> bool:
        """Whether these menus still have the place where a call of older ones stood."""
        flow, _, name = (node or "").partition(".")
        return flow in self.loaded.flows and name in self.loaded.flows[flow].nodes

    async def warm(self) -> None:
        """Make the sentences that will probably be said (places in the queue, topics), beside the calls."""
        await self.sounds.warm(self.loaded.site)

    def endpoint_of(self, operator: str) -> str:
        """The account his phone registers with."""
        return self.loaded.site.endpoints().get(operator, operator)

    def operator_at(self, endpoint: str) -> OperatorId:
        """Whose phone this account is."""
        found = (one for one, account in self.loaded.site.endpoints().items() if account == endpoint)
        return OperatorId(next(found, endpoint))

    @property
    def fallback_topic(self) -> TopicId:
        return self.loaded.fallback_topic
