"""Where the nodes of all menus lead, and where callers go round in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from ivr.core.flow import (
    NODE_TYPES,
    BranchNode,
    CollectNode,
    EnqueueNode,
    Flow,
    GotoNode,
    HangupNode,
    LanguageNode,
    ListeningNode,
    MenuNode,
    Node,
    SayNode,
)

Flows = Mapping[str, Flow]
Step = str | int


AFTER_TALK = "after the talk"


class Spot(NamedTuple):
    """A node among all menus, printed as "main.topic"."""

    flow: str
    node: str

    def __str__(self) -> str:
        return f"{self.flow}.{self.node}"


class Exit(NamedTuple):
    """One way on. path: where the file names it, from the node on. why: its ladder, or when it is taken."""

    path: tuple[Step, ...]
    target: str
    why: str = ""


def word_of(node: Node) -> str:
    """The word that names the node's type in a file."""
    return next(word for word, kind in NODE_TYPES.items() if type(node) is kind)


def exits(node: Node) -> Iterator[Exit]:
    """Every way on from a node, in the order of the file."""
    word = word_of(node)
    match node:
        case SayNode():
            yield Exit(("next",), node.next)
        case MenuNode():
            for choice in node.choices:
                yield Exit((word, "choices", choice.name, "next"), choice.next)
        case BranchNode():
            for case, target in node.cases.items():
                yield Exit((word, "cases", case), target)
            yield Exit((word, "otherwise"), node.otherwise)
        case EnqueueNode():
            if node.when_full is not None:
                yield Exit((word, "when_full"), node.when_full, "when_full")
            if node.next is not None:
                yield Exit((word, "next"), node.next, AFTER_TALK)
        case GotoNode():
            yield Exit((word,), node.to)
        case CollectNode() | LanguageNode():
            yield Exit((word, "next"), node.next)
        case HangupNode():
            return
    if isinstance(node, ListeningNode):
        yield Exit((word, "no_input", "then"), node.no_input.then, "no_input")
        yield Exit((word, "no_match", "then"), node.no_match.then, "no_match")


def ways(flow: Flow, node: Node) -> Iterator[Exit]:
    """As `exits`, and to a person, who can be asked for at any question that listens."""
    yield from exits(node)
    if flow.person is not None and isinstance(node, ListeningNode) and not node.speech.off:
        yield Exit((), flow.person, "person")


def destination(flow: str, node: Node, target: str) -> Spot:
    """The spot a target means; only a goto may name another menu."""
    if isinstance(node, GotoNode) and "." in target:
        other, _, name = target.partition(".")
        return Spot(other, name)
    return Spot(flow, target)


Edges = Mapping[Spot, tuple[Spot, ...]]


def everywhere(_node: Node, _way: Exit) -> bool:
    return True


def edges(flows: Flows, follow: Callable[[Node, Exit], bool] = everywhere) -> dict[Spot, tuple[Spot, ...]]:
    """Spot -> spots it leads to by the exits that `follow` accepts; dangling ones are left out."""
    return {
        Spot(name, node_name): tuple(
            spot
            for way in ways(flow, node)
            if follow(node, way) and _exists(flows, spot := destination(name, node, way.target))
        )
        for name, flow in flows.items()
        for node_name, node in flow.nodes.items()
    }


def _exists(flows: Flows, spot: Spot) -> bool:
    return spot.flow in flows and spot.node in flows[spot.flow].nodes


def reachable(ways: Edges, starts: Iterable[Spot]) -> set[Spot]:
    """The starts and every spot one can come to from them."""
    seen: set[Spot] = set()
    ahead = list(starts)
    while ahead:
        spot = ahead.pop()
        if spot not in seen:
            seen.add(spot)
            ahead += ways.get(spot, ())
    return seen


def silent(node: Node, way: Exit) -> bool:
    """Passed without the caller doing anything: no question, no talk with an operator."""
    return not isinstance(node, ListeningNode) and way.why != AFTER_TALK


def failing(ladder: str) -> Callable[[Node, Exit], bool]:
    """The way of a caller who fails each question the same way, outside of queues."""

    def follow(node: Node, way: Exit) -> bool:
        if isinstance(node, ListeningNode):
            return way.why == ladder
        return not isinstance(node, EnqueueNode)

    return follow


def rounds(ways: Edges) -> list[tuple[Spot, ...]]:
    """One shortest round for each set of spots from which one comes back; first in the order of `ways`."""
    left = _on_rounds(ways)
    found: list[tuple[Spot, ...]] = []
    told: set[Spot] = set()
    for spot in ways:
        if spot in left and spot not in told and (way := _back_to(ways, spot, left)):
            found.append(way)
            told |= reachable({one: ways[one] for one in left}, [spot])
    return found


def _on_rounds(ways: Edges) -> set[Spot]:
    """Spots left after all that lead nowhere further are taken away again and again."""
    onward = {spot: len(targets) for spot, targets in ways.items()}
    behind: dict[Spot, list[Spot]] = {spot: [] for spot in ways}
    for spot, targets in ways.items():
        for target in targets:
            behind[target].append(spot)
    ends = [spot for spot, count in onward.items() if count == 0]
    for end in ends:
        for spot in behind[end]:
            onward[spot] -= 1
            if onward[spot] == 0:
                ends.append(spot)
    return set(ways) - set(ends)


def _back_to(ways: Edges, start: Spot, within: set[Spot]) -> tuple[Spot, ...]:
    """The shortest way from a spot back to itself, both ends included; () if there is none."""
    came_from: dict[Spot, Spot] = {}
    ahead = [start]
    for spot in ahead:
        for target in ways[spot]:
            if target in within and target not in came_from:
                came_from[target] = spot
                ahead.append(target)
    if start not in came_from:
        return ()
    way = [start]
    while len(way) == 1 or way[-1] != start:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))
