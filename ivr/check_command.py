"""`./hotline check`: what is wrong with a site, on the terminal or as JSON."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from ivr.finding import Finding, has_errors
from ivr.site_check import check

_STYLES = {"error": "bold red", "warning": "yellow"}


def run_check(path: Path, json: bool = False) -> int:
    """Print the findings of a site file, or of the site.yaml in a folder. Returns 1 if there is an error, else 0.

    json: one object with `ok` and `findings` (file, line, column, severity, code, sentence each).
    """
    file = path / "site.yaml" if path.is_dir() and (path / "site.yaml").is_file() else path
    findings = check(file)
    failed = has_errors(findings)
    if json:
        shown = {"ok": not failed, "findings": [one.as_json() for one in findings]}
        sys.stdout.write(json_text.dumps(shown, ensure_ascii=False, indent=2) + "\n")
    else:
        _print(findings, Console(highlight=False, soft_wrap=True))
    return 1 if failed else 0


def _print(findings: Sequence[Finding], console: Console) -> None:
    for one in findings:
        place = f"{one.file}:{one.line}" if one.line else one.file
        line = Text(f"{place}: ").append(one.severity, _STYLES[one.severity]).append(f": {one.sentence}")
        console.print(line)
    errors = sum(one.severity == "error" for one in findings)
    warnings = len(findings) - errors
    if not findings:
        console.print("no errors, no warnings")
    elif errors:
        console.print(
            f"{_count(errors, 'error')}, {_count(warnings, 'warning')}: mend the errors, then check again"
        )
    else:
        console.print(f"no errors, {_count(warnings, 'warning')}")


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"
