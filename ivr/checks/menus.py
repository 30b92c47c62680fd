"""Menus against the site: every name a menu uses exists, and every topic is led to by some menu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.checks.subject import Subject
from ivr.core.flow import BranchNode, EnqueueNode, Flow, Node
from ivr.core.flow_check import check_flows
from ivr.core.flow_node_check import Problem
from ivr.core.flow_prompts import prompts
from ivr.core.suggestion import did_you_mean
from ivr.finding import Finding, about_file
from ivr.flow_file import FlowReading
from ivr.yaml_source import Steps
from speech.saying.recordings import unused_recordings

Readings = Mapping[str, FlowReading]


def menus(subject: Subject, readings: Readings) -> Iterator[Finding]:
    yield from _unread(subject, readings)
    flows = {name: one.flow for name, one in readings.items() if one.flow is not None}
    broken = {name: one.broken for name, one in readings.items()}
    for problem in check_flows(flows, list(subject.site.menus().values()), subject.site.languages, broken):
        if not _excused(problem, readings):
            yield _located(problem, readings)
    for reading in readings.values():
        yield from _names(subject, reading)
    yield from _unled_topics(subject, readings)
    yield from _unused_files(subject, readings)
    yield from _recordings(subject, flows, readings)


def _unread(subject: Subject, readings: Readings) -> Iterator[Finding]:
    """A menu's own findings; one whose file is not there or no text is told where the site names it."""
    named = {entry.menu: place for place, entry in reversed(list(enumerate(subject.site.numbers)))}
    told: set[str] = set()
    for menu, place in named.items():
        reading = readings.get(subject.site.menu_file(subject.site.numbers[place]).stem)
        if reading is not None and reading.source is None and not any(one.line for one in reading.findings):
            told.add(reading.name)
            sentence = f"the menu '{menu}' cannot be read: {reading.findings[0].sentence}"
            yield subject.error(("numbers", place, "menu"), "menu-missing", sentence)
    for reading in readings.values():
        if reading.name not in told:
            yield from reading.findings


def _excused(problem: Problem, readings: Readings) -> bool:
    """What follows from a value left out, or from a menu that could not be read, has its finding already."""
    reading = readings[problem.flow]
    if any(path[: len(problem.path)] == problem.path for path in reading.gone):
        return problem.code in {"no-key", "no-text"}
    if problem.code != "dangling" or reading.source is None:
        return False
    other = readings.get(str(reading.source.plain_at(problem.path)).partition(".")[0])
    return other is not None and other.flow is None


def _located(problem: Problem, readings: Readings) -> Finding:
    source = readings[problem.flow].source
    if source is None:
        return about_file(problem.flow, problem.code, problem.sentence, problem.severity)
    return source.finding(problem.path, problem.code, problem.sentence, problem.severity, key=problem.key)


def _names(subject: Subject, reading: FlowReading) -> Iterator[Finding]:
    """Topics, lines and hours that nodes name."""
    if reading.source is None or reading.flow is None:
        return
    for name, node in reading.flow.nodes.items():
        for part, kind, word, path in _named(node, ("nodes", name)):
            known = getattr(subject.site, part)
            if word not in known and word not in subject.words and part not in subject.lost:
                sentence = (
                    f"there is no {kind} '{word}' in {subject.source.file}; {did_you_mean(word, known)}"
                )
                key = part == "hours"
                yield reading.source.finding(path, f"unknown-{kind}", sentence, key=key)
        if isinstance(node, EnqueueNode) and node.when_full is None:
            topic = subject.site.topics.get(node.topic)
            if topic is not None and topic.queue_limit is not None:
                sentence = (
                    f"the queue of '{node.topic}' has a limit: say with when_full where a refused caller goes"
                )
                yield reading.source.warning(("nodes", name, "enqueue"), "when-full", sentence, key=True)


def _named(node: Node, at: Steps) -> Iterator[tuple[str, str, str, Steps]]:
    """(part of the site, kind, name, where)"""
    if isinstance(node, EnqueueNode):
        yield "topics", "topic", node.topic, (*at, "enqueue", "topic")
        if node.line is not None:
            yield "lines", "line", node.line, (*at, "enqueue", "line")
    if isinstance(node, BranchNode) and node.on == "hours":
        for case in node.cases:
            yield "hours", "hours", case, (*at, "branch", "cases", case)


def _unled_topics(subject: Subject, readings: Readings) -> Iterator[Finding]:
    """Only when all menus could be read: the one that could not may be the one that leads there."""
    if not readings or any(one.flow is None or one.broken or one.gone for one in readings.values()):
        return
    led = {
        node.topic
        for one in readings.values()
        for node in (one.flow.nodes.values() if one.flow is not None else ())
        if isinstance(node, EnqueueNode)
    }
    for name, topic in subject.site.topics.items():
        if name not in led and topic.transfer_code is None:
            sentence = (
                f"no menu leads to the topic '{name}'; add an enqueue, or a transfer_code, or delete it"
            )
            yield subject.warning(("topics", name), "topic-unled", sentence, key=True)


def _unused_files(subject: Subject, readings: Readings) -> Iterator[Finding]:
    """Other menu files in the menus' own folders (the site's folder has other YAML files too)."""
    if any(one.flow is None for one in readings.values()):
        return
    folders = {subject.site.menu_file(entry).parent for entry in subject.site.numbers}
    here = subject.site.folder.resolve()
    for folder in sorted(one for one in folders if one.resolve() != here and one.is_dir()):
        for file in sorted(folder.glob("*.y*ml")):
            if file.stem not in readings:
                sentence = "no number and no goto leads to this menu; name it in the site file, or delete it"
                yield about_file(file, "menu-unused", sentence, "warning")


def _recordings(subject: Subject, flows: Mapping[str, Flow], readings: Readings) -> Iterator[Finding]:
    folder = subject.site.recorded_folder()
    if subject.source.at(("prompts", "recorded")) is not None and folder.exists() and not folder.is_dir():
        yield subject.error(("prompts", "recorded"), "recordings", f"'{folder}' is not a folder; name one")
        return
    if any(one.flow is None or one.broken for one in readings.values()):
        return
    names = [
        (language, name)
        for flow in flows.values()
        for name, _texts in prompts(flow)
        for language in subject.site.languages
    ]
    for sentence in unused_recordings(folder, names):
        yield subject.warning(("prompts", "recorded"), "recording-unused", sentence)
