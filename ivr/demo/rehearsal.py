"""Before the play: who takes part, what they know of the menu, and the sound of all they may say or be asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ivr.core.commands import Play
from ivr.core.flow_prompts import prompts
from ivr.core.own_sentences import VALUE
from ivr.core.said_value import read_back
from ivr.demo.cast import Cast, Script, cast
from ivr.demo.menu_book import MenuBook, menu_book
from ivr.demo.speaking import value_sentence
from ivr.demo.voices import Voices, speakers
from ivr.instance import PROJECT
from ivr.site_loading import Loaded
from ivr.sounds import Sounds
from softphone_sim.utterance import seconds_of
from speech.saying.synthesis import available

VOICES = PROJECT / "var" / "callers"  # shared by all demos: the same words are synthesised once
HEARS_THE_START = 0.8  # seconds of the question that one who interrupts has heard at least
INTERRUPTS_WITHIN = 4.0


@dataclass(frozen=True)
class Rehearsal:
    """sentences: name -> sound of all that callers may be told."""

    book: MenuBook
    cast: Cast
    voices: Voices
    sentences: dict[str, Path]


async def rehearse(
    loaded: Loaded,
    sounds: Sounds,
    secrets: dict[str, str],
    *,
    seed: int,
    per_minute: float,
    seconds: float,
    speaking: float,
) -> Rehearsal:
    """speaking: share of callers who speak. Raises NoMenu, SynthesisFailed, CacheUnwritable."""
    site = loaded.site
    number = site.numbers[0]
    language = number.language or site.languages[0]
    start = Path(number.menu).stem
    book = menu_book(loaded.flows, start, language)
    known = {
        name: (await sounds.of(Play(name, language))).with_suffix(".wav")
        for name, texts in prompts(loaded.flows[start])
        if language in texts
    }
    voices = Voices(VOICES)
    script = Script(
        book=book,
        speakers=speakers(language, site.prompts.voices.get(language, ()), available()) if speaking else (),
        place=voices.place,
        speaking=speaking,
        over=_over(book, known),
    )
    people = cast(site, secrets, script, seed=seed, per_minute=per_minute, seconds=seconds)
    for card in {one.part.card for one in people.arrivals if one.part and one.part.card}:
        text = VALUE[language].format(read_back("digits", card, language))
        known[value_sentence(card)] = (await sounds.of(Play("", language, text))).with_suffix(".wav")
    return Rehearsal(book, people, voices, known)


def _over(book: MenuBook, known: dict[str, Path]) -> tuple[float, float]:
    """When a caller may speak over the question: after what comes before it, and before it is over."""
    begins = sum(seconds_of(known[name]) for name in book.before if name in known) + HEARS_THE_START
    question = known.get(f"{book.node}.ask_spoken") or known.get(f"{book.node}.ask")
    lasts = seconds_of(question) - 2 * HEARS_THE_START if question else 0.0
    return begins, begins + max(0.0, min(INTERRUPTS_WITHIN, lasts))
