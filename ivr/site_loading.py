"""A site, its menus, its hours and its rules, read and proved together: the unit that a reload replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from acd.core.model import Policy, TopicId
from ivr.config import content_version, hours, policy, timezone
from ivr.core.flow import Flow
from ivr.core.flow_prompts import prompts
from ivr.core.hours import Hours
from ivr.finding import Finding, has_errors
from ivr.site import Site
from ivr.site_check import read_hotline
from speech.saying.prompts import PromptText


class SiteUnusable(Exception):
    """The site file, or a menu of it, has errors. findings: all of them; the text is theirs, a line each."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = [one for one in findings if one.severity == "error"]
        super().__init__("\n".join(str(one) for one in self.findings))


@dataclass(frozen=True)
class Loaded:
    """One version of everything a call is served by. hours: by name. warnings: what `check` would rather say."""

    site: Site
    flows: Mapping[str, Flow]
    hours: Mapping[str, Hours]
    timezone: ZoneInfo
    policy: Policy
    warnings: tuple[Finding, ...]

    @property
    def fallback_topic(self) -> TopicId:
        """Where a caller goes whose menu broke: the topic named general, else the site's last one."""
        topics = list(self.policy.topics)
        return TopicId("general") if "general" in topics else topics[-1]

    @property
    def version(self) -> str:
        return self.policy.version


def load_all(path: Path, today: date | None = None) -> Loaded:
    """Raises SiteUnusable with every error of the checker, never only the first."""
    site, flows, findings = read_hotline(path)
    if site is None or has_errors(findings):
        raise SiteUnusable(findings)
    day = today or date.today()
    return Loaded(
        site=site,
        flows=flows,
        hours={name: hours(entry, day) for name, entry in site.hours.items()},
        timezone=timezone(site),
        policy=policy(
            site, content_version("".join([site.version, *(flow.version for flow in flows.values())]))
        ),
        warnings=tuple(findings),
    )


def prompts_of(loaded: Loaded) -> list[PromptText]:
    """Every fixed sentence of the site's menus, in each of its languages that the author wrote."""
    return [
        PromptText(name, language, text)
        for flow in loaded.flows.values()
        for name, texts in prompts(flow)
        for language, text in texts.items()
        if language in loaded.site.languages
    ]
