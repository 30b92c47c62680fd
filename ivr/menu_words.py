"""The shape of a menu file, node by node. `ivr.flow_file` makes an `ivr.core.flow.Flow` of it.

The descriptions are the source of the editor's schema.
"""

# ruff: noqa: RUF012 - pydantic gives each object a copy of a default

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

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


class LadderWords(Part):
    """Where a caller goes who failed, and what he hears until then."""

    say: Annotated[Turns, Field(description="one text for each time in turn")] = []
    then: Target
    repeat: Annotated[bool, Field(description="the question is asked again after the text")] = False


class ChoiceWords(Part):
    key: Annotated[Key | None, Field(description="0-9, * or #; left out: it can only be spoken")] = None
    phrases: Annotated[dict[LanguageCode, Phrases], Field(description="what a caller may say for it")] = {}
    next: Target


def _require_ladders(schema: dict[str, Any]) -> None:
    schema["required"] = [*schema["required"], "no_input", "no_match"]


class _Asking(Part):
    """no_input and no_match are required; they are looked at in `flow_file`, so that the rest is too."""

    model_config = ConfigDict(json_schema_extra=_require_ladders)

    ask: Texts
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
    what: Annotated[Literal["digits"], Field(description="digits")] = "digits"
    store: Annotated[Word, Field(description="data key that keeps them")]
    next: Target
    digits: DigitsWords = DigitsWords()
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


class MenuHead(Part):
    """The top of a menu file, its nodes not yet looked at."""

    start: Annotated[str, Field(description="the first node")]
    nodes: dict[str, Any]


class MenuFile(Part):
    """A whole menu file, for the schema."""

    start: Annotated[str, Field(description="the first node")]
    nodes: Annotated[dict[str, NodeWords], Field(description="name to node; names without a dot")]
