"""Are the menus complete? Where they lead, and what each node lacks, before the first call."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ivr.core.flow import BranchNode, CollectNode, MenuNode, Node
from ivr.core.flow_graph import (
    Flows,
    Spot,
    destination,
    edges,
    exits,
    failing,
    reachable,
    rounds,
    silent,
    word_of,
)
from ivr.core.flow_node_check import Problem, check_node
from ivr.core.flow_speech_check import check_speech
from ivr.core.suggestion import did_you_mean, nearest

Broken = Mapping[str, Mapping[str, Collection[str]]]


def check_flows(
    flows: Flows, entries: Collection[str], languages: Sequence[str] = (), broken: Broken | None = None
) -> list[Problem]:
    """All problems of the menus of one hotline.

    entries: the menus that numbers lead to. languages: of the site; () is any that a text has.
    broken: menu -> node -> words in it, for nodes that could not be read: they exist, and may lead to any
    node whose name they contain. An empty target has been reported already.
    """
    spoiled = broken or {}
    found = [
        problem
        for flow in flows.values()
        for name, node in flow.nodes.items()
        for problem in check_node(flow.name, name, node, languages)
    ]
    found += _dangling(flows, spoiled)
    found += [
        problem
        for flow in flows.values()
        for problem in check_speech(flow, languages, spoiled.get(flow.name, {}))
    ]
    found += _unreachable(flows, entries, spoiled)
    found += _unknown_data(flows, spoiled)
    found += _rounds(flows)
    return found


def _dangling(flows: Flows, broken: Broken) -> Iterator[Problem]:
    for flow in flows.values():
        if flow.start and flow.start not in flow.nodes and flow.start not in broken.get(flow.name, {}):
            hint = did_you_mean(flow.start, flow.nodes)
            yield Problem(
                flow.name, ("start",), "dangling", f"start: there is no node '{flow.start}'; {hint}"
            )
        for name, node in flow.nodes.items():
            for way in exits(node):
                if way.target and (why := _leads_nowhere(flows, broken, flow.name, node, way.target)):
                    yield Problem(flow.name, ("nodes", name, *way.path), "dangling", why)


def _leads_nowhere(flows: Flows, broken: Broken, flow: str, node: Node, target: str) -> str | None:
    spot = destination(flow, node, target)
    if spot.flow not in flows:
        return f"'{target}': there is no menu '{spot.flow}' beside this one; {did_you_mean(spot.flow, flows)}"
    known = {*flows[spot.flow].nodes, *broken.get(spot.flow, {})}
    if spot.node in known:
        return None
    return f"there is no node '{target}'; {did_you_mean(spot.node, known)}"


def _unreachable(flows: Flows, entries: Collection[str], broken: Broken) -> Iterator[Problem]:
    starts = [Spot(name, flows[name].start) for name in entries if name in flows]
    for name, nodes in broken.items():
        starts += [Spot(name, word) for words in nodes.values() for word in words]
        starts += [Spot(*word.split(".", 1)) for words in nodes.values() for word in words if "." in word]
    starts += _meant(flows)
    reached = reachable(edges(flows), starts)
    for flow in flows.values():
        if flow.start not in flow.nodes and flow.start not in broken.get(flow.name, {}):
            continue
        for node in flow.nodes:
            if Spot(flow.name, node) not in reached:
                sentence = f"no caller comes to '{node}'; lead to it from another node, or delete it"
                yield Problem(flow.name, ("nodes", node), "unreachable", sentence, "warning", key=True)


def _meant(flows: Flows) -> Iterator[Spot]:
    """Where the targets that do not exist were probably to lead: a slip of the pen is one finding, not ten."""
    for flow in flows.values():
        for node in flow.nodes.values():
            for way in exits(node):
                spot = destination(flow.name, node, way.target)
                known = flows[spot.flow].nodes if spot.flow in flows else {}
                if spot.node not in known and (meant := nearest(spot.node, known)):
                    yield Spot(spot.flow, meant)


def _rounds(flows: Flows) -> Iterator[Problem]:
    for way in rounds(edges(flows, silent)):
        sentence = f"goes round without ever asking the caller: {_shown(way)}; put a menu into it or end it"
        yield Problem(way[0].flow, ("nodes", way[0].node), "silent-loop", sentence, key=True)
    for ladder, who in (
        ("no_input", "presses and says nothing"),
        ("no_match", "always presses something else"),
    ):
        for way in rounds(edges(flows, failing(ladder))):
            around = way[:-1]
            begin = next((place for place, spot in enumerate(around) if _asks(flows, spot)), None)
            if begin is not None:
                asking = around[begin]
                shown = _shown((*around[begin:], *around[:begin], asking))
                path = ("nodes", asking.node, word_of(flows[asking.flow].nodes[asking.node]), ladder, "then")
                sentence = f"a caller who {who} goes round for ever: {shown}; lead {ladder} to a person"
                yield Problem(asking.flow, path, "no-way-out", sentence)


def _asks(flows: Flows, spot: Spot) -> bool:
    return isinstance(flows[spot.flow].nodes[spot.node], MenuNode | CollectNode)


def _shown(way: Sequence[Spot]) -> str:
    same = len({spot.flow for spot in way}) == 1
    return " → ".join(spot.node if same else str(spot) for spot in way)


def _unknown_data(flows: Flows, broken: Broken) -> Iterator[Problem]:
    stored = {
        node.store
        for flow in flows.values()
        for node in flow.nodes.values()
        if isinstance(node, MenuNode | CollectNode) and node.store is not None
    }
    spoiled = {word for nodes in broken.values() for words in nodes.values() for word in words}
    for flow in flows.values():
        for name, node in flow.nodes.items():
            if (
                isinstance(node, BranchNode)
                and node.on == "data"
                and node.key
                and node.key not in stored | spoiled
            ):
                sentence = f"no node stores '{node.key}'; {did_you_mean(node.key, stored)}"
                yield Problem(
                    flow.name, ("nodes", name, "branch", "key"), "unknown-data", sentence, "warning"
                )
