"""Topics and skills: is there somebody for every call, and a call for every skill?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import pairwise

from ivr.checks.subject import Subject
from ivr.config import rings_of
from ivr.core.suggestion import did_you_mean
from ivr.finding import Finding
from ivr.site import OperatorEntry, RingEntry, TopicEntry
from ivr.yaml_source import Steps


def topics(subject: Subject) -> Iterator[Finding]:
    for name, topic in subject.site.topics.items():
        at = ("topics", name)
        if topic.needs is not None and topic.rings is not None:
            sentence = "needs is short for one ring, and rings are given too; keep one of them"
            yield subject.error((*at, "needs"), "needs-and-rings", sentence, key=True)
        yield from subject.unknown("lines", "line", topic.line, subject.site.lines, (*at, "line"))
        yield from _rings(subject, topic, at)
        yield from _helpers(subject, name, topic, at)
    yield from _unasked(subject)
    yield from _idle_lines(subject)


def _ring_path(topic: TopicEntry, at: Steps, place: int) -> Steps:
    return (*at, "rings", place) if topic.rings is not None else (*at, "needs")


def _rings(subject: Subject, topic: TopicEntry, at: Steps) -> Iterator[Finding]:
    rings = rings_of(topic)
    if rings[0].after != 0:
        sentence = f"the first ring holds from 0 seconds, not from {rings[0].after:g}; delete its after"
        yield subject.error((*at, "rings", 0, "after"), "first-ring", sentence)
    for place, (before, ring) in enumerate(pairwise(rings), start=1):
        path = (*at, "rings", place)
        if ring.after <= before.after:
            sentence = f"rings must rise: {ring.after:g} s does not come after {before.after:g} s"
            yield subject.error((*path, "after"), "rings-rise", sentence)
        yield from _relaxes(subject, before.needs, ring.needs, path)


def _relaxes(
    subject: Subject, before: Mapping[str, int], now: Mapping[str, int], path: Steps
) -> Iterator[Finding]:
    for skill, level in now.items():
        if level > before.get(skill, 0) and skill not in subject.words:
            had = f"level {before[skill]}" if skill in before else "nothing"
            sentence = (
                f"a ring asks no more than the one before: {skill} {level} after {had}; lower it or swap them"
            )
            yield subject.error((*path, "needs", skill), "rings-relax", sentence)
    if dict(before) == dict(now):
        yield subject.warning(path, "ring-same", "this ring asks the same as the one before; delete it")


def _able(operators: Collection[OperatorEntry], needs: Mapping[str, int]) -> list[OperatorEntry]:
    return [
        one for one in operators if all(one.skills.get(skill, 0) >= level for skill, level in needs.items())
    ]


def _helpers(subject: Subject, name: str, topic: TopicEntry, at: Steps) -> Iterator[Finding]:
    """Somebody on the topic's line can take the call: in the end, at first, and in each language."""
    rings = rings_of(topic)
    named = {topic.line, *(skill for ring in rings for skill in ring.needs)}
    if named & subject.words or "operators" in subject.lost or not subject.site.operators:
        return
    if topic.line not in subject.site.lines:
        return
    here = [one for one in subject.site.operators if topic.line in one.lines]
    able = _able(here, rings[-1].needs)
    if not able:
        why = _why_nobody(subject, topic.line, here, rings[-1])
        yield subject.error(
            _ring_path(topic, at, len(rings) - 1), "topic-nobody", f"nobody can take '{name}': {why}"
        )
        return
    for place, ring in enumerate(rings[:-1]):
        if not _able(here, ring.needs):
            why = _why_nobody(subject, topic.line, here, ring)
            sentence = f"nobody can take '{name}' before {rings[place + 1].after:g} s: {why}"
            yield subject.warning(_ring_path(topic, at, place), "ring-nobody", sentence)
    for language in subject.site.languages:
        if not any(_speaks(subject, one, language) for one in able):
            sentence = f"nobody who can take '{name}' speaks '{language}'; add it to somebody's languages"
            yield subject.warning(at, "topic-language", sentence, key=True)


def _speaks(subject: Subject, one: OperatorEntry, language: str) -> bool:
    """A language of his that the site does not know may be this one, misspelt."""
    return (
        not one.languages
        or language in one.languages
        or not set(one.languages) <= set(subject.site.languages)
    )


def _why_nobody(subject: Subject, line: str, here: Collection[OperatorEntry], ring: RingEntry) -> str:
    everybody = subject.site.operators
    if not here:
        return f"nobody works on line '{line}'; add it to somebody's lines"
    for skill, level in ring.needs.items():
        if not _able(everybody, {skill: 1}):
            known = {one for operator in everybody for one in operator.skills}
            return f"nobody has the skill '{skill}'; {did_you_mean(skill, known)}"
        if not _able(here, {skill: 1}):
            return f"nobody on line '{line}' has the skill '{skill}'; those who have it work on other lines"
        if not _able(here, {skill: level}):
            best = max(one.skills.get(skill, 0) for one in here)
            return f"nobody on line '{line}' has {skill} {level}, the highest is {best}; lower it"
    return f"nobody on line '{line}' has {' and '.join(ring.needs)} together"


def _unasked(subject: Subject) -> Iterator[Finding]:
    asked = {
        skill for topic in subject.site.topics.values() for ring in rings_of(topic) for skill in ring.needs
    }
    if "topics" in subject.lost:
        return
    told: set[str] = set()
    for place, one in enumerate(subject.site.operators):
        for skill in one.skills:
            if skill not in asked | told | subject.words:
                told.add(skill)
                sentence = f"no topic asks for the skill '{skill}'; {did_you_mean(skill, asked)}"
                yield subject.warning(
                    ("operators", place, "skills", skill), "skill-unasked", sentence, key=True
                )


def _idle_lines(subject: Subject) -> Iterator[Finding]:
    used = {topic.line for topic in subject.site.topics.values()}
    manned = {line for one in subject.site.operators for line in one.lines}
    for name, line in subject.site.lines.items():
        at = ("lines", name)
        if line.widen_after and not line.regional:
            sentence = (
                "widen_after means nothing on a line that is not regional; add regional: true or delete it"
            )
            yield subject.warning((*at, "widen_after"), "widen-without-region", sentence, key=True)
        if name in subject.words or subject.lost & {"operators", "topics"}:
            continue
        if line.transfer_code and name not in manned and name not in used:
            sentence = (
                f"nobody works on line '{name}', so a transfer to it would wait for ever; add it to somebody"
            )
            yield subject.error(at, "line-nobody", sentence, key=True)
        elif name not in used and not line.transfer_code:
            sentence = f"no topic and no transfer_code leads to line '{name}'; add one or delete it"
            yield subject.warning(at, "line-unused", sentence, key=True)
