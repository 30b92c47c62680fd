"""What became of the callers who spoke: what they meant, held against what the journal says was understood. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.demo.cast import Arrival
from ivr.demo.menu_book import MenuBook
from ivr.demo.speaking import Manner, Part
from ivr.demo.story import KEYS_ONLY, Step, Story
from ivr.demo.waits import Waits
from softphone_sim.person import PhoneEvent

LEAD, TRAIL = 0.05, 0.15
"""Seconds of silence in an utterance before and after the words (`speech.pcm.trimmed`)."""

SOON = 4.0
"""Seconds after the end of an utterance in which a decision is about it."""


class End(StrEnum):
    """How one who spoke came out of the menu."""

    HEARD = "heard"  # understood at once
    CONFIRMED = "confirmed"  # asked back, and it was right
    MISHEARD = "misheard"  # something else was done than he meant, and nobody asked him
    WRONGLY_CONFIRMED = "wrongly_confirmed"  # he said yes to something else than he meant
    GIVEN_TO_PERSON = "given_to_person"  # not understood, and given to a person after so many times
    BY_KEY = "by_key"  # he pressed in the end
    KEYS_ONLY = "keys_only"  # nobody listened to him: full, or no model
    LEFT = "left"  # the call ended before


@dataclass(frozen=True)
class Heard:
    """One caller. topic: where his call went, None if nowhere."""

    end: End
    topic: str | None


@dataclass
class SpeechCount:
    """callers: who speak. The rest adds up to them; see End."""

    callers: int = 0
    heard: int = 0
    confirmed: int = 0
    misheard: int = 0
    wrongly_confirmed: int = 0
    given_to_person: int = 0
    by_key: int = 0
    keys_only: int = 0
    left: int = 0

    @classmethod
    def of(cls, ends: Iterable[End]) -> SpeechCount:
        counts = Counter(ends)
        return cls(counts.total(), **{end.value: counts[end] for end in End})


@dataclass
class SpeechFigures:
    """utterances: said into menus. barge_ins: prompts that speech cut off. Per condition: a word of
    `speech.telephone.line`.

    decided_after: seconds from the last word to the decision. prompt_stopped_after: from the first word to silence
    in the caller's ear.
    """

    total: SpeechCount = field(default_factory=SpeechCount)
    per_condition: dict[str, SpeechCount] = field(default_factory=dict)
    per_behaviour: dict[str, SpeechCount] = field(default_factory=dict)
    utterances: int = 0
    barge_ins: int = 0
    decided_after: Waits = field(default_factory=Waits)
    prompt_stopped_after: Waits = field(default_factory=Waits)


def what_became(part: Part, book: MenuBook, story: Story | None, events: Sequence[PhoneEvent]) -> Heard:
    """events: of his phone."""
    steps = story.steps if story else []
    way = _until_queued(steps)
    topic = way[-1].detail.get("topic") if way and way[-1].name == "enqueue" else None
    if topic is None:
        return Heard(End.LEFT, None)
    return Heard(_end(part, book, way, events), topic)


def _until_queued(steps: Sequence[Step]) -> Sequence[Step]:
    queued = next((index for index, step in enumerate(steps) if step.name == "enqueue"), len(steps) - 1)
    return steps[: queued + 1]


def _end(part: Part, book: MenuBook, way: Sequence[Step], events: Sequence[PhoneEvent]) -> End:
    answers = [
        step for step in way if step.name in ("menu choice", "person asked") and step.node == book.node
    ]
    confirmed = any(step.name == "confirmed" and step.node == book.node for step in way)
    wrong = [step for step in answers if step.by_speech and not _as_meant(part, step)]
    if wrong and not _as_meant(part, answers[-1]):
        return End.WRONGLY_CONFIRMED if confirmed else End.MISHEARD
    if not answers or not answers[-1].by_speech:
        if not _listened_to(book, way, events):
            return End.KEYS_ONLY
        return End.BY_KEY if answers else End.GIVEN_TO_PERSON
    return End.CONFIRMED if confirmed else End.HEARD


def _as_meant(part: Part, step: Step) -> bool:
    if step.name == "person asked":
        return part.manner is Manner.WANTS_PERSON
    return step.detail.get("choice") == part.meant


def _listened_to(book: MenuBook, way: Sequence[Step], events: Sequence[PhoneEvent]) -> bool:
    """Where nobody was to listen there is no step about it, but another question: whoever heard the one about
    keys was not listened to."""
    if any(step.name == KEYS_ONLY for step in way):
        return False
    if any(step.by_speech or step.name == "barge-in" for step in way):
        return True
    told = {event.detail for event in events if event.kind == "understood"}
    return f"{book.node}.ask" not in told


def speech_figures(
    arrivals: Sequence[Arrival],
    ends: Mapping[str, Heard],
    calls: Mapping[str, Story],
    events: Mapping[str, Sequence[PhoneEvent]],
) -> SpeechFigures:
    """ends, calls, events: by the caller's name, of those who speak."""
    speaking = [one for one in arrivals if one.caller.name in ends]

    def counted(by: str, value: str) -> SpeechCount:
        return SpeechCount.of(ends[one.caller.name].end for one in speaking if getattr(one, by) == value)

    names = [one.caller.name for one in speaking]
    return SpeechFigures(
        total=SpeechCount.of(ends[name].end for name in names),
        per_condition={one: counted("condition", one) for one in sorted({a.condition for a in speaking})},
        per_behaviour={one: counted("behaviour", one) for one in sorted({a.behaviour for a in speaking})},
        utterances=sum(event.kind == "says" for name in names for event in events.get(name, ())),
        barge_ins=sum(
            step.name == "barge-in" for name in names if name in calls for step in calls[name].steps
        ),
        decided_after=Waits.of(
            after
            for name in names
            if name in calls
            for after in _decisions(calls[name], events.get(name, ()))
        ),
        prompt_stopped_after=Waits.of(
            after for name in names if name in calls for after in _stops(calls[name], events.get(name, ()))
        ),
    )


def _decisions(story: Story, events: Sequence[PhoneEvent]) -> Iterable[float]:
    """For each utterance that something came of, seconds from its last word to the first note about it."""
    begun = [event.at for event in events if event.kind == "says"]
    ended = [event.at for event in events if event.kind == "said"]
    decided = [step.at for step in story.steps if step.by_speech]
    for index, (begin, end) in enumerate(zip(begun, ended, strict=False)):
        until = min([end + SOON, *begun[index + 1 : index + 2]])
        about = [at for at in decided if begin < at <= until]
        if about:
            yield about[0] - (end - TRAIL)


def _stops(story: Story, events: Sequence[PhoneEvent]) -> Iterable[float]:
    """For each barge-in, seconds from the first word to the last of the prompt in the caller's ear."""
    begun = [event.at for event in events if event.kind == "says"]
    quiet = [event.at for event in events if event.kind == "quiet"]
    for step in story.steps:
        said = max((at for at in begun if at < step.at), default=None)
        if step.name == "barge-in" and said is not None:
            stopped = min((at for at in quiet if at > said), default=None)
            if stopped is not None:
                yield stopped - said - LEAD
