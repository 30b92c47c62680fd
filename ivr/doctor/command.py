"""`./hotline doctor`: looks, changes nothing, and says what to do."""

from __future__ import annotations

import asyncio
import json as jsons
from pathlib import Path

from rich.console import Console

from ivr.doctor.examine import examine
from ivr.doctor.finding import errors
from ivr.doctor.subject import Untouched
from ivr.doctor.view import as_json, show
from ivr.instance import Instance


def run_doctor(config: Path, name: str, json: bool) -> int:
    """0 when there is no error; warnings are allowed."""
    return report(config, name, Untouched(Instance.named(name).home), json)


def report(config: Path, name: str, instance: Untouched, json: bool) -> int:
    """The same for an instance in any folder."""
    subject, findings = asyncio.run(examine(config, name, instance))
    if json:
        print(jsons.dumps(as_json(subject, findings), ensure_ascii=False))
    else:
        show(Console(), subject, findings)
    return 1 if any(errors(findings)) else 0
