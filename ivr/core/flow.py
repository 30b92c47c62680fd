"""A parsed flow: the menu as plain data, read by `flow_file`, proved by `flow_check`, run by `interpreter`.

Every `next`, `then`, `otherwise`, `when_full` and case names a node of the same flow; only `GotoNode.to` may
lead into another flow, as "other_flow.node". Node and flow names contain no dot. Texts go by language code;
an absent text is an empty mapping, never an empty string.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

Texts = dict[str, str]
Phrases = dict[str, tuple[str, ...]]
"""Language -> what a caller may say."""

SURE, UNSURE = 0.7, 0.4
"""Confidence from which a caller is taken at his word, and from which it is worth asking him back."""

MOST_NUMBER = 999_999_999
"""More than nine digits nobody says as one number."""


class Ladder(msgspec.Struct, frozen=True):
    """What a caller hears the first, second, ... time he fails, and the node he goes to the time after.

    say: one text for each time in turn; () sends him to `then` at once.
    say_spoken: in their place while he can be understood by voice; where there is none, `say` is said.
    repeat: the question itself is asked again after the text.
    """

    then: str
    say: tuple[Texts, ...] = ()
    repeat: bool = False
    say_spoken: tuple[Texts, ...] = ()


class Speech(msgspec.Struct, frozen=True):
    """How sure we must be of what was said, 0 <= unsure <= sure <= 1.

    From `sure` on it is done; from `unsure` on it is asked back; below, it counts as not understood.
    off: this question takes keys only.
    """

    sure: float = SURE
    unsure: float = UNSURE
    off: bool = False


class Choice(msgspec.Struct, frozen=True):
    """One item of a menu. key: 0-9, * or #; None for a choice that is only spoken.

    phrases: what a caller may say for it; keys work without them. title: what it is called when he is asked
    back ("You said: ..."); where there is none, its first phrase.
    """

    name: str
    next: str
    key: str | None = None
    phrases: Phrases = {}
    title: Texts = {}


class Digits(msgspec.Struct, frozen=True):
    """How many digits are collected, min <= max. end: the key after the last one; None: length or silence."""

    min: int = 1
    max: int = 20
    end: str | None = "#"


class SayNode(msgspec.Struct, frozen=True):
    """Say something and go on. interruptible: a key cuts it (only if a later node can use the key)."""

    say: Texts
    next: str
    interruptible: bool = True


class MenuNode(msgspec.Struct, frozen=True):
    """Ask, and go where the key leads.

    ask_spoken: asked instead of `ask` while the caller can be understood by voice; {}: `ask` serves both.
    wait: seconds after the prompt. store: the data key that keeps the choice's name.
    """

    ask: Texts
    choices: tuple[Choice, ...]
    no_input: Ladder
    no_match: Ladder
    wait: float = 5.0
    store: str | None = None
    interruptible: bool = True
    ask_spoken: Texts = {}
    speech: Speech = Speech()


class CollectNode(msgspec.Struct, frozen=True):
    """Ask for a value and keep it in `data[store]`. wait: seconds after the prompt, and between two keys.

    Stored are digits "0123", a number "250", a date "2026-05-09", "yes" or "no"; "" for none of it.
    By key: a date is DDMMYYYY, or DDMM, in every language; yes is 1, no is 2.
    min, max: of a number. limit: a date's. none: what a caller says who has no such thing (digits only).
    personal: the value is masked in notes and logs; the author has to say so if it need not be.
    confirm: a value heard by voice is read back even when it was heard well (yes and no are not).
    """

    ask: Texts
    store: str
    next: str
    no_input: Ladder
    no_match: Ladder
    what: Literal["digits", "number", "date", "yes_no"] = "digits"
    digits: Digits = Digits()
    wait: float = 5.0
    personal: bool = True
    interruptible: bool = True
    ask_spoken: Texts = {}
    speech: Speech = Speech()
    confirm: bool = True
    min: int = 0
    max: int = MOST_NUMBER
    limit: Literal["past", "future"] | None = None
    none: Phrases = {}


class BranchNode(msgspec.Struct, frozen=True):
    """Go by what is known, without a word to the caller.

    on "hours": cases are names of opening hours, the first that is open now is taken.
    on "language": cases are language codes. on "data": cases are values of data[key] ("" when unknown).
    """

    on: Literal["hours", "language", "data"]
    cases: dict[str, str]
    otherwise: str
    key: str | None = None


class LanguageNode(msgspec.Struct, frozen=True):
    """Speak this language from here on."""

    set: str
    next: str


class EnqueueNode(msgspec.Struct, frozen=True):
    """Give the caller to the distributor.

    say: heard before. when_full: where a refused caller goes; next: where he goes when the operator hung up
    first. Both None: the call ends.
    """

    topic: str
    say: Texts = {}
    line: str | None = None
    priority: int | None = None
    when_full: str | None = None
    next: str | None = None


class GotoNode(msgspec.Struct, frozen=True):
    """Go on at `to`: "node", or "other_flow.node"."""

    to: str


class HangupNode(msgspec.Struct, frozen=True):
    """End the call, after what is being said."""


Node = SayNode | MenuNode | CollectNode | BranchNode | LanguageNode | EnqueueNode | GotoNode | HangupNode
ListeningNode = MenuNode | CollectNode

NODE_TYPES: dict[str, type[Node]] = {
    "say": SayNode,
    "menu": MenuNode,
    "collect": CollectNode,
    "branch": BranchNode,
    "language": LanguageNode,
    "enqueue": EnqueueNode,
    "goto": GotoNode,
    "hangup": HangupNode,
}
"""The word that names each node type in a file."""


class Flow(msgspec.Struct, frozen=True):
    """One menu file. name: the file's stem. version: changes with its content. start: the first node.

    person: the node of a caller who asks for a person, at any question; None: where the question's no_match
    leads in the end. commands: "person", "repeat", "back" -> phrases in place of the usual ones.
    """

    name: str
    version: str
    start: str
    nodes: dict[str, Node]
    person: str | None = None
    commands: dict[str, Phrases] = {}


class FlowError(Exception):
    """The flow's author has to act: the flow leads nowhere, or round and round."""

    def __init__(self, flow: str, node: str, why: str) -> None:
        super().__init__(f"menu {flow!r}, node {node!r}: {why}")
        self.flow = flow
        self.node = node
        self.why = why


def ways_out(node: Node) -> Iterator[tuple[str, str]]:
    """(label, target) of every way on from a node, in the order of the file; targets as written."""
    match node:
        case SayNode() | LanguageNode():
            yield "", node.next
        case MenuNode():
            for choice in node.choices:
                yield choice.key or choice.name, choice.next
            yield "no input", node.no_input.then
            yield "no match", node.no_match.then
        case CollectNode():
            yield "entered", node.next
            yield "no input", node.no_input.then
            yield "no match", node.no_match.then
        case BranchNode():
            yield from node.cases.items()
            yield "otherwise", node.otherwise
        case EnqueueNode():
            if node.when_full is not None:
                yield "full", node.when_full
            if node.next is not None:
                yield "after the talk", node.next
        case GotoNode():
            yield "", node.to
        case HangupNode():
            pass
