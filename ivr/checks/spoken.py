"""What callers may say: phrases the model cannot hear, and choices that sound alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ivr.checks.subject import Subject
from ivr.core.flow import CollectNode, MenuNode, Phrases
from ivr.core.spoken_commands import COMMANDS
from ivr.finding import Finding
from ivr.flow_file import FlowReading
from ivr.yaml_source import Steps
from speech.meaning.sounding import sound_alike
from speech.meaning.spoken_words import written_out
from speech.recognition.grammar import known_spelling, words_of
from speech.recognition.model_words import VocabularyUnreadable, model_words
from speech.recognition.models import find_model, models_in_use
from speech.recognizer import ModelUnusable

Knows = Callable[[str], bool]


def spoken(subject: Subject, readings: Mapping[str, FlowReading]) -> Iterator[Finding]:
    """Warnings only: a phrase that is not heard leaves the key. Menus without phrases load nothing."""
    if not subject.site.speech.on:
        return
    known: dict[str, Knows | None] = {}
    for reading in readings.values():
        if reading.source is None or reading.flow is None:
            continue
        for name, node in reading.flow.nodes.items():
            if isinstance(node, MenuNode):
                at = ("nodes", name, "menu", "choices")
                said = {one.name: one.phrases for one in node.choices if one.phrases}
                for choice, phrases in said.items():
                    yield from _unheard(subject, reading, (*at, choice, "phrases"), phrases, known)
                yield from _alike(reading, at, said)
            elif isinstance(node, CollectNode) and node.none:
                yield from _unheard(subject, reading, ("nodes", name, "collect", "none"), node.none, known)
        for command, phrases in reading.flow.commands.items():
            if command in COMMANDS:
                yield from _unheard(subject, reading, ("commands", command), phrases, known)


def _unheard(
    subject: Subject, reading: FlowReading, at: Steps, phrases: Phrases, known: dict[str, Knows | None]
) -> Iterator[Finding]:
    assert reading.source is not None  # noqa: S101 - asked before
    for language, many in phrases.items():
        if language not in known:
            known[language] = _vocabulary(subject, language)
        knows = known[language]
        if knows is None:
            continue
        for place, phrase in enumerate(many):
            words = words_of(" ".join(written_out(phrase, language)))
            lost = [word for word in words if known_spelling(word, knows) is None]
            if lost:
                sentence = (
                    f"'{phrase}' is never heard: the {language} model does not know {_list(lost)};"
                    " write it with other words"
                )
                yield reading.source.warning((*at, language, place), "phrase-unheard", sentence)


def _alike(reading: FlowReading, at: Steps, said: Mapping[str, Phrases]) -> Iterator[Finding]:
    assert reading.source is not None  # noqa: S101 - asked before
    for language in sorted({language for phrases in said.values() for language in phrases}):
        listed = {choice: phrases.get(language, ()) for choice, phrases in said.items()}
        for one in sound_alike(listed, language):
            place = listed[one.other_choice].index(one.other_phrase)
            how = "sounds the same as" if one.distance == 0 else "sounds like"
            sentence = (
                f"'{one.other_phrase}' {how} '{one.phrase}' of '{one.choice}'; callers may be taken there, so"
                " choose words further apart"
            )
            path = (*at, one.other_choice, "phrases", language, place)
            yield reading.source.warning(path, "phrases-alike", sentence)


def _vocabulary(subject: Subject, language: str) -> Knows | None:
    """None where no model listens, or its words cannot be read: `./hotline models` tells of that."""
    used = models_in_use(subject.site.speech.models).get(language)
    if used is None:
        return None
    try:
        words = model_words(_folder(subject.site.folder, used))
    except (ModelUnusable, VocabularyUnreadable):
        return None
    return lambda word: word in words


def _folder(site_folder: Path, used: str) -> Path:
    """A folder in the site file is meant from there."""
    if "/" in used and not Path(used).is_absolute() and (site_folder / used).is_dir():
        return site_folder / used
    return find_model(used).path


def _list(words: list[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)
