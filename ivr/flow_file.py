"""From a menu file to the flow that the interpreter runs.

It stands outside `ivr.core` because the core knows no files: neither YAML and its lines nor pydantic.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ivr.config import content_version
from ivr.core import flow as core
from ivr.core.suggestion import did_you_mean
from ivr.finding import Finding, has_errors, in_order
from ivr.leave_out import leave_out, names_in
from ivr.menu_words import (
    NODES,
    Branch,
    Collect,
    Enqueue,
    Goto,
    Hangup,
    LadderWords,
    Menu,
    MenuHead,
    NodeWords,
    Say,
    SetLanguage,
    SpeechWords,
)
from ivr.plain_errors import errors_at
from ivr.site import Site
from ivr.yaml_source import Source, Steps, load_yaml, parse_yaml

NOWHERE = ""
"""Stands for a way out that is missing, and has a finding already."""


@dataclass(frozen=True)
class FlowReading:
    """A menu file as far as it can be understood.

    flow: the nodes that can be read, None when there are none. broken: the others, each with all the words
    in it: any of them may be a name it leads to. gone: paths of values left out because they are wrong.
    """

    name: str
    source: Source | None
    flow: core.Flow | None
    findings: list[Finding]
    broken: dict[str, frozenset[str]] = field(default_factory=dict)
    gone: frozenset[Steps] = frozenset()


def load_flow(path: Path, shown_as: str | None = None) -> tuple[core.Flow | None, list[Finding]]:
    """A menu file; None if any value in it is wrong by itself. `ivr.core.flow_check` looks at the whole."""
    reading = read_flow(path, shown_as)
    return (None if has_errors(reading.findings) else reading.flow), reading.findings


def read_flow(path: Path, shown_as: str | None = None) -> FlowReading:
    """As `load_flow`, with what is left of a wrong file."""
    source, findings = load_yaml(path, shown_as)
    return _reading(path.stem, source, findings)


def parse_flow(text: str, name: str, shown_as: str = "menu") -> FlowReading:
    """As `read_flow`, from a text."""
    source, findings = parse_yaml(text, shown_as)
    return _reading(name, source, findings)


def _reading(name: str, source: Source | None, findings: list[Finding]) -> FlowReading:
    if source is None:
        return FlowReading(name, None, None, findings)
    if not isinstance(source.root.content, dict):
        sentence = "a menu file must be a mapping with the keys start and nodes"
        return FlowReading(name, source, None, [*findings, source.finding((), "wrong-type", sentence)])
    findings = findings + [finding for _, finding in errors_at(source, MenuHead)]
    start, nodes = source.at(("start",)), source.at(("nodes",))
    if nodes is None or not isinstance(nodes.content, dict):
        return FlowReading(name, source, None, findings)
    reader = _Nodes(source)
    read = {node: made for node in list(nodes.content) if (made := reader.read(node)) is not None}
    first = start.content if start is not None and isinstance(start.content, str) else NOWHERE
    head = None if errors_at(source, MenuHead) else MenuHead.model_validate(source.plain_at(()))
    flow = core.Flow(
        name,
        content_version(source.text),
        first,
        read,
        person=head.person if head else None,
        commands={command: _phrases(said) for command, said in head.commands.items()} if head else {},
    )
    return FlowReading(name, source, flow, findings + reader.findings, reader.broken, frozenset(reader.gone))


class _Nodes:
    """Reads the nodes one by one, and keeps what it finds wrong."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Finding] = []
        self.broken: dict[str, frozenset[str]] = {}
        self.gone: set[Steps] = set()

    def read(self, name: str) -> core.Node | None:
        prefix = ("nodes", name)
        words = frozenset(names_in(self.source.at(prefix)))
        self._name(name)
        model = self._model(name)
        node = None
        if model is not None:
            self._ladders(name)
            self.findings += [finding for _, finding in errors_at(self.source, model, prefix)]
            self.gone |= leave_out(self.source, model, {}, prefix).paths
            if not errors_at(self.source, model, prefix):
                node = made(model.model_validate(self.source.plain_at(prefix)))
        if node is None:
            self.broken[name] = words
        return node

    def _name(self, name: str) -> None:
        if "." in name or not name.strip():
            sentence = f"a node's name has no dot and is not empty: '{name}'"
            self._add(("nodes", name), "node-name", sentence)

    def _model(self, name: str) -> type[NodeWords] | None:
        placed = self.source.at(("nodes", name))
        keys = list(placed.content) if placed is not None and isinstance(placed.content, dict) else []
        kinds = [key for key in keys if key in NODES]
        if len(kinds) == 1:
            return NODES[kinds[0]]
        if kinds:
            sentence = f"node '{name}' is {' and '.join(kinds)} at once; make a node of each, joined by next"
        elif keys:
            hint = did_you_mean(keys[0], NODES)
            sentence = f"node '{name}' does nothing: '{keys[0]}' is no kind of node; {hint}"
        else:
            sentence = f"node '{name}' is empty; say what it does: {', '.join(NODES)}"
        self._add(("nodes", name), "node-kind", sentence)
        return None

    def _ladders(self, name: str) -> None:
        for kind in ("menu", "collect"):
            body = self.source.at(("nodes", name, kind))
            if body is None or not isinstance(body.content, dict):
                continue
            for ladder, who in _LADDERS.items():
                if body.content.get(ladder) is None or body.content[ladder].content is None:
                    sentence = f"'{name}' has no {ladder}: {who} has no way out; add {_LADDER.format(ladder)}"
                    self._add(("nodes", name, kind), "no-way-out", sentence)

    def _add(self, path: tuple[str, ...], code: str, sentence: str) -> None:
        self.findings.append(self.source.finding(path, code, sentence, key=True))


_LADDERS = {
    "no_input": "a caller who presses and says nothing",
    "no_match": "a caller who presses something else",
}
_LADDER = "{}: with a text under say and, under then, the node he goes to"


def made(words: NodeWords) -> core.Node:  # noqa: PLR0911 - a case for each kind of node
    """The core's node of a file's."""
    match words:
        case Say():
            return core.SayNode(words.say, words.next, words.interruptible)
        case Menu():
            return _menu(words)
        case Collect():
            return _collect(words)
        case Branch():
            asked = words.branch
            return core.BranchNode(asked.on, asked.cases, asked.otherwise, asked.key)
        case SetLanguage():
            return core.LanguageNode(words.language.set, words.language.next)
        case Enqueue():
            return core.EnqueueNode(**dict(words.enqueue))
        case Goto():
            return core.GotoNode(words.goto)
        case Hangup():
            return core.HangupNode()


def _menu(words: Menu) -> core.MenuNode:
    menu = words.menu
    return core.MenuNode(
        ask=menu.ask,
        choices=tuple(
            core.Choice(name, one.next, one.key, _phrases(one.phrases), one.title)
            for name, one in menu.choices.items()
        ),
        no_input=_ladder(menu.no_input),
        no_match=_ladder(menu.no_match),
        wait=menu.wait,
        store=menu.store,
        interruptible=menu.interruptible,
        ask_spoken=menu.ask_spoken,
        speech=_speech(menu.speech),
    )


def _collect(words: Collect) -> core.CollectNode:
    asked = words.collect
    return core.CollectNode(
        ask=asked.ask,
        store=asked.store,
        next=asked.next,
        no_input=_ladder(asked.no_input),
        no_match=_ladder(asked.no_match),
        what=asked.what,
        digits=core.Digits(asked.digits.min, asked.digits.max, asked.digits.end),
        wait=asked.wait,
        personal=asked.personal,
        interruptible=asked.interruptible,
        ask_spoken=asked.ask_spoken,
        speech=_speech(asked.speech),
        confirm=asked.confirm,
        min=asked.min,
        max=asked.max,
        limit=asked.limit,
        none=_phrases(asked.none),
    )


def _phrases(said: dict[str, list[str]]) -> core.Phrases:
    return {language: tuple(phrases) for language, phrases in said.items()}


def _speech(words: SpeechWords) -> core.Speech:
    return core.Speech(words.sure, words.unsure, words.off)


def _ladder(words: LadderWords | None) -> core.Ladder:
    if words is None:
        return core.Ladder(then=NOWHERE)
    return core.Ladder(words.then, tuple(words.say), words.repeat, tuple(words.say_spoken))


def read_flows(site: Site) -> dict[str, FlowReading]:
    """The menus that the site's numbers name, and those that a goto leads to, looked up beside them."""
    files = {path.stem: path for entry in reversed(site.numbers) for path in [site.menu_file(entry)]}
    ahead = list(dict.fromkeys(site.menu_file(entry) for entry in site.numbers))
    readings: dict[str, FlowReading] = {}
    for path in ahead:
        if files[path.stem] != path or path.stem in readings:
            continue
        reading = read_flow(path)
        readings[path.stem] = reading
        for name in _other_menus(reading):
            beside = path.with_name(f"{name}{path.suffix}")
            if name not in files and beside.exists():
                files[name] = beside
                ahead.append(beside)
    return readings


def _other_menus(reading: FlowReading) -> list[str]:
    nodes = reading.flow.nodes.values() if reading.flow is not None else ()
    targets = [node.to for node in nodes if isinstance(node, core.GotoNode)]
    return [target.partition(".")[0] for target in targets if "." in target]


def load_flows(site: Site) -> tuple[dict[str, core.Flow], list[Finding]]:
    """The site's menus by name (the file's stem); those with errors are left out."""
    readings = read_flows(site).values()
    flows = {one.name: one.flow for one in readings if one.flow is not None and not has_errors(one.findings)}
    return flows, in_order(finding for one in readings for finding in one.findings)
