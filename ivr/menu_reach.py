"""A single menu file with the menus it leads to: what `flow walk` and `flow draw` need without a site."""

from __future__ import annotations

from pathlib import Path

from ivr.core.flow import Flow, GotoNode
from ivr.finding import Finding
from ivr.flow_file import load_flow


def load_with_others(path: Path) -> tuple[dict[str, Flow], list[Finding]]:
    """The menu at `path` and the files beside it that its gotos lead to, by name; the findings of all."""
    flows: dict[str, Flow] = {}
    findings: list[Finding] = []
    ahead, seen = [path], {path}
    while ahead:
        flow, found = load_flow(ahead.pop())
        findings += found
        if flow is not None:
            flows[flow.name] = flow
            others = {path.with_name(name + path.suffix) for name in _others(flow)} - seen
            ahead += sorted(others)
            seen |= others
    return flows, findings


def _others(flow: Flow) -> set[str]:
    targets = (node.to for node in flow.nodes.values() if isinstance(node, GotoNode))
    return {target.partition(".")[0] for target in targets if "." in target}
