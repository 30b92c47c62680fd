"""Which sound a prompt of a call is: one version of a site's prompts, asked in the words of a call."""

from __future__ import annotations

from pathlib import Path

from ivr.core.commands import Play
from ivr.site import Site
from speech.saying import phrases
from speech.saying.prompt_text import PromptText
from speech.saying.prompts import PromptStore


class Sounds:
    """All paths are absolute and without extension, as Asterisk wants them."""

    def __init__(self, store: PromptStore, site: Site) -> None:
        self._store = store
        self._language = site.languages[0]
        self._pauses = {name: pause.title for name, pause in site.pauses.items()}

    @staticmethod
    def fixed(site: Site) -> list[PromptText]:
        """The hotline's own sentences, to be prepared with the menu's."""
        return phrases.fixed_prompts(site.languages)

    @staticmethod
    def likely(site: Site) -> list[tuple[str, str]]:
        """(text, language) of what will be said most beyond the fixed prompts."""
        topics = [topic.title for topic in site.topics.values()]
        return phrases.likely_sentences(site.languages, topics, [one.title for one in site.pauses.values()])

    async def warm(self, site: Site) -> None:
        """Make what will probably be said before somebody waits for it."""
        await self._store.warm(self.likely(site))

    async def of(self, prompt: Play) -> Path:
        """The sound of one prompt. Raises speech's PromptMissing, SynthesisFailed, CacheUnwritable."""
        if prompt.text:
            return await self._store.say(prompt.text, prompt.language)
        return self._store.path(prompt.prompt, prompt.language)

    def place_in_queue(self, position: int, wait: float | None, language: str) -> list[Play]:
        """What a caller is told of his place and his wait."""
        sentences = phrases.queue_place(position, wait, language)
        return [Play("queue.place", language, text=text) for text in sentences]

    async def confirmation(self, meaning: str) -> Path:
        """What an operator hears after a feature code. meaning: "sign_in", "pause:lunch" …"""
        word, _, reason = meaning.partition(":")
        if word == "pause":
            title = self._pauses.get(reason, {}).get(self._language, "")
            return await self._store.say(phrases.paused(title, self._language), self._language)
        name = {"sign_in": "signed_in", "sign_out": "signed_out"}.get(word, word)
        return self._store.path(f"hotline.{name}", self._language)
