"""What was fitted, as the keys of a scenario file."""

from __future__ import annotations

from typing import Any

from loadtest.distribution import Numbers
from loadtest.fit_durations import DurationFit
from loadtest.fit_patience import PatienceFit
from loadtest.fit_people import groups
from loadtest.fit_scenario import Fit, TopicFit

Files = dict[str, Numbers]


def scenario_keys(found: Fit, name: str, stem: str) -> tuple[dict[str, Any], Files]:
    """The keys, and the files of measured values beside it: name to seconds. stem: how their names begin."""
    files: Files = {}
    keys: dict[str, Any] = {"name": name, "seed": 1, "horizon_h": 24}
    cv = found.day_to_day.cv
    if cv is not None and cv > 0.01:
        keys["busyness"] = {"dist": "gamma", "mean": 1, "cv": round(cv, 3)}
    if found.ring is not None:
        keys["answer_s"] = _law(found.ring, f"{stem}.ring.csv", files)
    if found.policy.ageing is not None:
        keys["ageing_s"] = found.policy.ageing
    lines = {
        str(line.id): {"regional": True, "widen_after_s": line.widen_after}
        for line in found.policy.lines.values()
        if line.regional
    }
    if lines:
        keys["lines"] = lines
    keys["topics"] = [
        _topic_keys(found, topic, f"{stem}.{number}", files) for number, topic in enumerate(found.topics, 1)
    ]
    keys["operators"] = groups(found.people)
    return keys, files


def _topic_keys(found: Fit, topic: TopicFit, stem: str, files: Files) -> dict[str, Any]:
    rule = found.policy.topics[topic.name]  # pyright: ignore[reportArgumentType]
    keys: dict[str, Any] = {"name": topic.name, "line": str(rule.line)}
    keys["arrivals"] = {"per_hour": [round(float(one), 2) for one in topic.rates.per_hour]}
    if found.menu is not None:
        keys["ivr_s"] = _law(found.menu, f"{stem.rpartition('.')[0]}.menu.csv", files)
    if found.contained.part:
        keys["contained"] = round(found.contained.mean, 4)
    if rule.queue_limit is not None:
        keys["queue_limit"] = rule.queue_limit
    keys["handling_s"] = _law(topic.handling, f"{stem}.handling.csv", files)
    if topic.wrap_up is not None:
        keys["wrap_up_s"] = _law(topic.wrap_up, f"{stem}.wrap_up.csv", files)
    keys["patience_s"] = _patience(topic.patience, f"{stem}.patience.csv", files)
    if topic.retry.part and topic.retry_after is not None:
        after = _law(topic.retry_after, f"{stem}.retry.csv", files)
        keys["retry"] = {"probability": round(topic.retry.mean, 4), "after_s": after}
    if topic.transfer.part and topic.transfer_line and topic.transfer_handling is not None:
        keys["transfer"] = {
            "to_line": topic.transfer_line,
            "probability": round(topic.transfer.mean, 4),
            "handling_s": _law(topic.transfer_handling, f"{stem}.second.csv", files),
        }
    keys["rings"] = [
        {"after": ring.after, "needs": {str(k): v for k, v in ring.needs.items()}} for ring in rule.rings
    ]
    keys["priority"] = rule.priority
    keys["target"] = {"answered_within_s": rule.target.answered_within, "share": rule.target.share}
    return keys


def _law(law: DurationFit, file: str, files: Files) -> dict[str, Any]:
    if law.dist == "empirical":
        files[file] = law.values
        return {"dist": "empirical", "file": file}
    keys: dict[str, Any] = {"dist": law.dist, "mean": round(law.mean, 3)}
    if law.dist in ("lognormal", "gamma"):
        keys["cv"] = round(min(law.cv, 20.0), 4)
    return keys


def _patience(law: PatienceFit, file: str, files: Files) -> Any:
    if law.dist == "none":
        return "none"
    if law.dist == "empirical":
        files[file] = law.values
        return {"dist": "empirical", "file": file}
    return {"dist": "exponential", "mean": round(law.mean, 3)}
