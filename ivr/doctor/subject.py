"""Which hotline is looked at: its folder, its site, what it was started with, and what of it is alive."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ivr.doctor.judge.processes import ProcessFacts, Situation, situation
from ivr.finding import Finding as SiteFinding
from ivr.instance import PROJECT, Instance
from ivr.settings import Settings
from ivr.site import Site
from ivr.site_loading import Loaded
from ivr.site_telephony import Telephony

STAND_IN = "not-made-yet-" + "x" * 20


def short(path: Path) -> str:
    """A path as one types it in the project's folder, where ./hotline is."""
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


class Untouched(Instance):
    """An instance's folder that is only read: secrets that are not there yet are stood in for, never made."""

    def secrets_for(self, names: list[str]) -> dict[str, str]:
        known: dict[str, str] = {}
        if self.secrets_file.exists():
            known = json.loads(self.secrets_file.read_text())
        return {**dict.fromkeys(names, STAND_IN), **known}


@dataclass(frozen=True)
class Subject:
    """loaded: None when the site has errors. site: as far as it can be read. settings: in force, or as a
    start would choose them; None without a site. asked: the site file of the command line, when another
    one is in force. status, figures: what the controller said. stranger: the folder's owner, when we may
    not look into it.
    """

    name: str
    instance: Untouched
    site_file: Path
    asked: str = ""
    findings: tuple[SiteFinding, ...] = ()
    loaded: Loaded | None = None
    site: Site | None = None
    settings: Settings | None = None
    processes: ProcessFacts = field(default_factory=lambda: ProcessFacts(""))
    status: dict[str, Any] | None = None
    figures: dict[str, Any] | None = None
    stranger: str = ""

    @property
    def situation(self) -> Situation | Literal["unknown"]:
        return "unknown" if self.stranger else situation(self.processes)

    @property
    def running(self) -> bool:
        """Something of it is alive."""
        alive = self.processes
        return any(pid is not None for pid in (alive.keeper, alive.asterisk, alive.controller))

    @property
    def expected_calls(self) -> int:
        """As a site file that does not tell would have it, when there is none that can be read."""
        return (self.site.telephony if self.site else Telephony()).expected_calls
