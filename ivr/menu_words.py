"""The shape of a menu file, node by node. `ivr.flow_file` makes an `ivr.core.flow.Flow` of it.

The descriptions are the source of the editor's schema.
"""

# ruff: noqa: RUF012 - pydantic gives each object a copy of a default

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from ivr.core.flow import MOST_NUMBER, SURE, UNSURE
from ivr.site_words import LanguageCode, Part, Texts, Word

Target = Annotated[str, Field(description="a node of this menu")]
Wait = Annotated[float, Field(gt=0, le=120, description="seconds after the prompt, and between two digits")]
Interruptible = Annotated[bool, Field(description="a key ends the prompt")]
_texts_schema = {"type": "object", "additionalProperties": {"type": "string"}}


def _key_as_text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _one_as_list(value: Any) -> Any:
    return [value] if isinstance(value, dict | str) else value


def _nothing(value: Any) -> Any:
    return {} if value is None else value


Key = Annotated[
    Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"],
    BeforeValidator(_key_as_text),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[0-9*#]$"}, {"type": "integer"}]}),
]
Turns = Annotated[
    list[Texts],
    BeforeValidator(_one_as_list),
    WithJsonSchema({"anyOf": [_texts_schema, {"type": "array", "items": _texts_schema}]}),
]
Phrases = Annotated[
    list[Word],
    BeforeValidator(_one_as_list),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


Share = Annotated[float, Field(ge=0, le=1)]


class LadderWords(Part):
    """Where a caller goes who failed, and what he hears until then."""

    say: Annotated[Turns, Field(description="one text for each time in turn")] = []
    say_spoken: Annotated[
        Turns, Field(description="instead of say, while he can be understood by voice")
    ] = []
    then: Target
    repeat: Annotated[bool, Field(description="the question is asked again after the text")] = False


class ChoiceWords(Part):
    key: Annotated[Key | None, Field(description="0-9, * or #; left out: it can only be spoken")] = None
    phrases: Annotated[dict[LanguageCode, Phrases], Field(description="what a caller may say for it")] = {}
    title: Annotated[Texts, Field(description="what it is called when he is asked back; first phrase")] = {}
    next: Target


class SpeechWords(Part):
    """How sure we must be of what was said."""

    sure: Annotated[Share, Field(description="from here on it is done at once")] = SURE
    unsure: Annotated[Share, Field(description="from here on he is asked back; below: not understood")] = (
        UNSURE
    )
    off: Annotated[bool, Field(description="this question takes keys only")] = False


def _require_ladders(schema: dict[str, Any]) -> None:
    schema["required"] = [*schema["required"], "no_input", "no_match"]


class _Asking(Part):
    """no_input and no_match are required; they are looked at in `flow_file`, so that the rest is too."""

    model_config = ConfigDict(json_schema_extra=_require_ladders)

    ask: Texts
    ask_spoken: Annotated[
        Texts, Field(description="instead of ask, while he can be understood by voice")
    ] = {}
    speech: SpeechWords = SpeechWords()
    no_input: Annotated[LadderWords | None, Field(description="nothing was pressed or said")] = None
    no_match: Annotated[LadderWords | None, Field(description="something else was pressed or said")] = None
    wait: Wait = 5.0
    interruptible: Interruptible = True


class MenuWords(_Asking):
    choices: Annotated[dict[Word, ChoiceWords], Field(min_length=1)]
    store: Annotated[Word | None, Field(description="data key that keeps the choice's name")] = None


class DigitsWords(Part):
    min: Annotated[int, Field(ge=0, le=40)] = 1
    max: Annotated[int, Field(ge=1, le=40)] = 20
    end: Annotated[Literal["*", "#"] | None, Field(description="key after the last digit; null: none")] = "#"


class CollectWords(_Asking):
    what: Annotated[
        Literal["digits", "number", "date", "yes_no"],
        Field(description="by key: a date is DDMMYYYY or DDMM, yes is 1 and no is 2"),
    ] = "digits"
    store: Annotated[Word, Field(description="data key that keeps the value")]
    next: Target
    digits: Annotated[DigitsWords, Field(description="how many; end also ends a number or a date")] = (
        DigitsWords()
    )
    min: Annotated[int, Field(ge=0, description="least number")] = 0
    max: Annotated[int, Field(ge=0, le=MOST_NUMBER, description="greatest number")] = MOST_NUMBER
    limit: Annotated[
        Literal["past", "future"] | None, Field(description="a date no later, or no earlier, than today")
    ] = None
    none: Annotated[
        dict[LanguageCode, Phrases], Field(description="what a caller says who has no such digits")
    ] = {}
    confirm: Annotated[bool, Field(description="read back what was said even when it was heard well")] = True
    personal: Annotated[bool, Field(description="masked in logs and in the journal")] = True


class BranchWords(Part):
    on: Literal["hours", "language", "data"]
    cases: Annotated[dict[str, Target], Field(min_length=1, description="value to node, in order")]
    otherwise: Target
    key: Annotated[Word | None, Field(description="the data key, for on: data")] = None


class LanguageWords(Part):
    set: LanguageCode
    next: Target


class EnqueueWords(Part):
    topic: str
    say: Texts = {}
    line: Annotated[str | None, Field(description="instead of the topic's own")] = None
    priority: Annotated[int | None, Field(ge=-1000, le=1000, description="instead of the topic's own")] = None
    when_full: Annotated[str | None, Field(description="node for a caller the queue does not take")] = None
    next: Annotated[str | None, Field(description="node for a caller whose operator hung up first")] = None


class Nothing(Part):
    pass


class Say(Part):
    say: Texts
    next: Target
    interruptible: Interruptible = True


class Menu(Part):
    menu: MenuWords


class Collect(Part):
    collect: CollectWords


class Branch(Part):
    branch: BranchWords


class SetLanguage(Part):
    language: LanguageWords


class Enqueue(Part):
    enqueue: EnqueueWords


class Goto(Part):
    goto: Annotated[Word, Field(description="a node of this menu, or other_menu.node")]


class Hangup(Part):
    hangup: Annotated[Nothing, BeforeValidator(_nothing)]


NodeWords = Say | Menu | Collect | Branch | SetLanguage | Enqueue | Goto | Hangup

NODES: dict[str, type[NodeWords]] = {
    "say": Say,
    "menu": Menu,
    "collect": Collect,
    "branch": Branch,
    "language": SetLanguage,
    "enqueue": Enqueue,
    "goto": Goto,
    "hangup": Hangup,
}


class _Head(Part):
    start: Annotated[str, Field(description="the first node")]
    person: Annotated[
        str | None, Field(description="node of a caller who asks for a person, at any question")
    ] = None
    commands: Annotated[
        dict[Literal["person", "repeat", "back"], dict[LanguageCode, Phrases]],
        Field(description="what he says at any question for a person, once more, back; usual phrases"),
    ] = {}


class MenuHead(_Head):
    """The top of a menu file, its nodes not yet looked at."""

    nodes: dict[str, Any]


class MenuFile(_Head):
    """A whole menu file, for the schema."""

    nodes: Annotated[dict[str, NodeWords], Field(description="name to node; names without a dot")]
