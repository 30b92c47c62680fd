"""What a scenario takes from a site file: whom its topics ask for, its lines and rules, its operators.

The scenario's own keys win. What the site says is written in the scenario's words, so that everything after
this looks at one scenario and need not know where a value came from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ivr.config import load_site
from ivr.core.suggestion import did_you_mean
from ivr.finding import Finding
from ivr.site import LineEntry, OperatorEntry, RingEntry, Site, TopicEntry
from ivr.yaml_source import Source


def with_site(source: Source, folder: Path) -> tuple[Any, list[Finding]]:
    """The scenario's plain keys, completed, and what is wrong with the site file or the names in it."""
    plain = source.plain()
    named = plain.get("site") if isinstance(plain, dict) else None
    if not isinstance(named, str):
        return plain, []
    site, findings = load_site(folder / named)
    if site is None:
        return plain, findings
    findings = [one for one in findings if one.severity == "error"]
    if isinstance(topics := plain.get("topics"), list):
        findings += _complete_topics(source, site, topics)
    _complete_rules(site, plain)
    return plain, findings


def _complete_topics(source: Source, site: Site, topics: list[Any]) -> list[Finding]:
    findings: list[Finding] = []
    for number, topic in enumerate(topics):
        if not isinstance(topic, dict) or not isinstance(name := topic.get("name"), str):
            continue  # the scenario's own check says what it should be
        entry = site.topics.get(name)
        if entry is not None:
            topics[number] = _topic(entry, site.lines, topic) | topic
        elif "needs" not in topic and "rings" not in topic:
            sentence = (
                f"the site has no topic '{name}'; {did_you_mean(name, site.topics)}"
                " A topic of the scenario's own has needs: or rings:"
            )
            findings.append(source.finding(("topics", number, "name"), "unknown-topic", sentence))
    return findings


def _topic(entry: TopicEntry, lines: dict[str, LineEntry], own: dict[str, Any]) -> dict[str, Any]:
    """own: what the scenario says; it decides which of the site's keys would only contradict it."""
    told: dict[str, Any] = {
        "line": entry.line,
        "priority": entry.priority,
        "target": {"answered_within_s": entry.target.answered_within, "share": entry.target.share},
    }
    if entry.queue_limit is not None:
        told["queue_limit"] = entry.queue_limit
    if "needs" not in own and "rings" not in own:
        rings = entry.rings if entry.rings is not None else [RingEntry(needs=entry.needs or {})]
        told["rings"] = [{"after": ring.after, "needs": dict(ring.needs)} for ring in rings]
    wrap_up = lines[entry.line].wrap_up if entry.line in lines else 0.0
    if wrap_up:
        told["wrap_up_s"] = {"dist": "deterministic", "mean": wrap_up}
    return told


def _complete_rules(site: Site, plain: dict[str, Any]) -> None:
    if site.routing.ageing is not None:
        plain.setdefault("ageing_s", site.routing.ageing)
    lines = {
        name: {"regional": one.regional, "widen_after_s": one.widen_after} for name, one in site.lines.items()
    }
    own = plain.get("lines")
    if own is None or isinstance(own, dict):
        plain["lines"] = lines | (own or {})
    if "operators" not in plain:
        plain["operators"] = [_operator(one) for one in site.operators]


def _operator(entry: OperatorEntry) -> dict[str, Any]:
    told: dict[str, Any] = {"count": 1, "skills": dict(entry.skills), "lines": list(entry.lines)}
    return told if entry.region is None else told | {"region": entry.region}
