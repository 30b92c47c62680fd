"""Our linter: what must never stand in an instance's files, however it came there."""

from __future__ import annotations

from collections.abc import Mapping

from asterisk_conf.conf_file import ConfFile, parse
from asterisk_conf.dialplan import read
from asterisk_conf.lint_dialplan import DIALPLAN_RULES
from asterisk_conf.lint_rules import RULES
from asterisk_conf.problem import Files, Problem

__all__ = ["Problem", "lint"]


def lint(files: Mapping[str, str]) -> list[Problem]:
    """All problems of the rendered files (name -> text), by file and line. [] means the switch may start."""
    by_name = {name: parse(name, text) for name, text in files.items()}
    parsed = Files(by_name, read(by_name.get("extensions.conf") or ConfFile("extensions.conf")))
    return sorted({problem for rule in (*RULES, *DIALPLAN_RULES) for problem in rule(parsed)})
