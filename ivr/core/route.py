"""Where the names in a flow lead: to a node, through silent nodes, to a place where keys count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from ivr.core.flow import (
    BranchNode,
    EnqueueNode,
    Flow,
    FlowError,
    GotoNode,
    HangupNode,
    ListeningNode,
    Node,
    ways_out,
)
from ivr.core.hours import Hours, is_open

Flows = Mapping[str, Flow]


class Place(NamedTuple):
    """A node with the names that lead to it; printed as "flow.node"."""

    flow: str
    name: str
    node: Node

    def __str__(self) -> str:
        return f"{self.flow}.{self.name}"


def beginning(flows: Flows, start: str) -> Place:
    """The place named by "flow" (its first node) or "flow.node". Raises FlowError when there is none."""
    flow, _, name = start.partition(".")
    if flow not in flows:
        raise FlowError(flow, name, "there is no such menu")
    return _place(flows, flow, name or flows[flow].start)


def follow(flows: Flows, here: Place, target: str) -> Place:
    """The place that a `next` of `here` means. Raises FlowError naming `here` when it leads nowhere."""
    if isinstance(here.node, GotoNode) and "." in target:
        flow, _, name = target.partition(".")
    else:
        flow, name = here.flow, target
    if flow not in flows or name not in flows[flow].nodes:
        raise FlowError(here.flow, here.name, f"leads to {target!r}, and there is no such node")
    return _place(flows, flow, name)


def keys_count_after(flows: Flows, here: Place) -> bool:
    """Whether a menu or an entry may follow `here` before the caller is queued or the call ends.

    If not, a key must not cut what is said here: the caller would only lose the last thing he can hear.
    """
    seen = {(here.flow, here.name)}
    ahead = [follow(flows, here, target) for _, target in ways_out(here.node)]
    while ahead:
        place = ahead.pop()
        if isinstance(place.node, ListeningNode):
            return True
        if isinstance(place.node, EnqueueNode | HangupNode) or (place.flow, place.name) in seen:
            continue
        seen.add((place.flow, place.name))
        ahead += [follow(flows, place, target) for _, target in ways_out(place.node)]
    return False


def case_of(
    node: BranchNode, at_local: datetime, hours: Mapping[str, Hours], language: str, data: Mapping[str, str]
) -> str | None:
    """The case that a branch takes, None when none holds. Raises KeyError for opening hours nobody knows."""
    match node.on:
        case "hours":
            return next((name for name in node.cases if is_open(hours[name], at_local)), None)
        case "language":
            value = language
        case "data":
            value = data.get(node.key or "", "")
    return value if value in node.cases else None


def _place(flows: Flows, flow: str, name: str) -> Place:
    try:
        return Place(flow, name, flows[flow].nodes[name])
    except KeyError:
        raise FlowError(flow, name, "there is no such node") from None
