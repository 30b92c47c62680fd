"""Is a node complete by itself? Its texts, keys, digits and cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from ivr.core.flow import (
    MOST_NUMBER,
    BranchNode,
    CollectNode,
    EnqueueNode,
    LanguageNode,
    MenuNode,
    Node,
    SayNode,
    Texts,
)
from ivr.core.flow_graph import Step, word_of
from ivr.core.suggestion import did_you_mean


class Problem(msgspec.Struct, frozen=True):
    """Something wrong. flow: the menu's name. path: where in its file. key: at the key, not the value."""

    flow: str
    path: tuple[Step, ...]
    code: str
    sentence: str
    severity: Literal["error", "warning"] = "error"
    key: bool = False


def check_node(flow: str, name: str, node: Node, languages: Sequence[str]) -> Iterator[Problem]:
    """What is wrong with a node by itself. languages: as for `check_flows`."""
    at = ("nodes", name, word_of(node))
    for path, texts in texts_of(node):
        yield from _texts(flow, ("nodes", name, *path), texts, languages)
    match node:
        case MenuNode():
            yield from _choices(flow, at, node)
        case CollectNode():
            yield from _entry(flow, at, node)
        case BranchNode():
            yield from _branch(flow, at, node, languages)
        case LanguageNode() if languages and node.set not in languages:
            yield no_language(flow, (*at, "set"), node.set, languages)
        case _:
            pass


def texts_of(node: Node) -> Iterator[tuple[tuple[Step, ...], Texts]]:
    """(path from the node on, texts) of everything a node says."""
    match node:
        case SayNode():
            yield ("say",), node.say
        case EnqueueNode():
            if node.say:
                yield ("enqueue", "say"), node.say
        case MenuNode() | CollectNode():
            word = word_of(node)
            yield (word, "ask"), node.ask
            for ladder in ("no_input", "no_match"):
                for turn, texts in enumerate(getattr(node, ladder).say):
                    yield (word, ladder, "say", turn), texts
        case _:
            pass


def _texts(flow: str, path: tuple[Step, ...], texts: Texts, languages: Sequence[str]) -> Iterator[Problem]:
    for language in texts:
        if languages and language not in languages:
            yield no_language(flow, (*path, language), language, languages)
    for language in languages or texts or ("ru",):
        if not texts.get(language, "").strip():
            sentence = f"no text in '{language}': callers would hear nothing; write it"
            yield Problem(flow, (*path, language), "no-text", sentence)


def no_language(flow: str, path: tuple[Step, ...], language: str, languages: Sequence[str]) -> Problem:
    sentence = f"'{language}' is not a language of this site; {did_you_mean(language, languages)}"
    return Problem(flow, path, "unknown-language", sentence, key=path[-1] == language)


def _choices(flow: str, at: tuple[Step, ...], node: MenuNode) -> Iterator[Problem]:
    taken: dict[str, str] = {}
    for choice in node.choices:
        path = (*at, "choices", choice.name)
        if choice.key is None:
            sentence = f"'{choice.name}' has no key: it can only be spoken; give it a key"
            yield Problem(flow, path, "no-key", sentence, "warning", key=True)
        elif choice.key in taken:
            sentence = (
                f"key {choice.key} is taken by '{taken[choice.key]}' already; give '{choice.name}' another"
            )
            yield Problem(flow, (*path, "key"), "key-twice", sentence)
        else:
            taken[choice.key] = choice.name


def _entry(flow: str, at: tuple[Step, ...], node: CollectNode) -> Iterator[Problem]:
    if node.digits.min > node.digits.max:
        sentence = f"at least {node.digits.min} digits cannot be at most {node.digits.max}"
        yield Problem(flow, (*at, "digits", "min"), "digits", sentence)
    if node.min > node.max:
        yield Problem(flow, (*at, "min"), "limits", f"at least {node.min} cannot be at most {node.max}")
    meant = {
        "min": (node.min > 0, "number"),
        "max": (node.max < MOST_NUMBER, "number"),
        "limit": (node.limit is not None, "date"),
        "none": (bool(node.none), "digits"),
    }
    for key, (given, what) in meant.items():
        if given and node.what != what:
            sentence = f"{key} means nothing for what: {node.what}, only for what: {what}; delete it"
            yield Problem(flow, (*at, key), "collect-key", sentence, key=True)


def _branch(flow: str, at: tuple[Step, ...], node: BranchNode, languages: Sequence[str]) -> Iterator[Problem]:
    if node.on == "data" and not node.key:
        yield Problem(flow, at, "branch-key", "on: data needs a key: which data?", key=True)
    if node.on != "data" and node.key:
        yield Problem(
            flow, (*at, "key"), "branch-key", f"key means nothing for on: {node.on}; delete it", key=True
        )
    for case in node.cases:
        if node.on == "language" and languages and case not in languages:
            yield no_language(flow, (*at, "cases", case), case, languages)
