"""What stands in the box of each node: its kind, its name, what is said, and its ways out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.core.flow import (
    NODE_TYPES,
    BranchNode,
    CollectNode,
    EnqueueNode,
    GotoNode,
    HangupNode,
    LanguageNode,
    ListeningNode,
    MenuNode,
    Node,
    SayNode,
    Texts,
)
from ivr.drawing.words import Words

_KIND = {made: kind for kind, made in NODE_TYPES.items()}


@dataclass(frozen=True)
class Way:
    """One way out. target: as written in the file. key: pressed for it; label: in words; either may be ""."""

    target: str
    key: str = ""
    label: str = ""


@dataclass(frozen=True)
class Card:
    """kind: the file's word for it. text: what is said, or "". fact: one line more, or "". ways: within the menu."""

    kind: str
    name: str
    text: str
    fact: str
    ways: tuple[Way, ...]


def card(name: str, node: Node, words: Words) -> Card:
    return Card(
        _KIND[type(node)], name, _text(node, words.language), _fact(node, words), tuple(_ways(node, words))
    )


def _text(node: Node, language: str) -> str:
    texts: Texts = {}
    if isinstance(node, SayNode | EnqueueNode):
        texts = node.say
    elif isinstance(node, MenuNode | CollectNode):
        texts = node.ask
    return texts.get(language) or next(iter(texts.values()), "")


def _fact(node: Node, words: Words) -> str:
    match node:
        case CollectNode():
            facts = [_entry(node, words)]
            facts += (
                [words("ended by", key=node.digits.end)] if node.digits.end and node.what != "yes_no" else []
            )
            facts += [words("personal")] if node.personal else []
            return ", ".join(facts)
        case BranchNode():
            return words(f"by {node.on}", key=node.key)
        case LanguageNode():
            return node.set
        case EnqueueNode():
            line = f", {words('line', line=node.line)}" if node.line else ""
            return words("topic", topic=node.topic) + line
        case GotoNode():
            return f"→ {node.to}" if "." in node.to else ""
        case SayNode() | MenuNode() | HangupNode():
            return ""


def _entry(node: CollectNode, words: Words) -> str:
    rule = node.digits
    if node.what == "digits":
        return words("digits", count=f"{rule.min}–{rule.max}" if rule.min < rule.max else f"{rule.max}")
    return words(node.what)


def _ways(node: Node, words: Words) -> Iterator[Way]:
    match node:
        case SayNode() | LanguageNode():
            yield Way(node.next)
        case GotoNode():
            if "." not in node.to:
                yield Way(node.to)
        case MenuNode():
            for choice in node.choices:
                yield Way(choice.next, choice.key or "", choice.name)
            yield from _failing(node, words)
        case CollectNode():
            yield Way(node.next, label=words("entered"))
            yield from _failing(node, words)
        case BranchNode():
            for case, target in node.cases.items():
                yield Way(target, label=case or words("empty"))
            yield Way(node.otherwise, label=words("otherwise"))
        case EnqueueNode():
            if node.when_full is not None:
                yield Way(node.when_full, label=words("full"))
            if node.next is not None:
                yield Way(node.next, label=words("after the talk"))
        case HangupNode():
            pass


def _failing(node: ListeningNode, words: Words) -> Iterator[Way]:
    yield Way(node.no_input.then, label=words("no input"))
    yield Way(node.no_match.then, label=words("no match"))
