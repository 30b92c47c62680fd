"""`./hotline test`: every check the project has, on the real components."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ivr.instance import PROJECT
from ivr.starting import CannotStart, ensure_asterisk

BIN = Path(sys.executable).parent
CHECKS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("basedpyright",)),
    ("imports", ("lint-imports",)),
)


def run_tests(arguments: Sequence[str]) -> int:
    """Without arguments: style, types, import rules, then all tests. With arguments: pytest with them.

    Tests that need a real component fail where it is missing; they are never passed over in silence.
    """
    try:
        ensure_asterisk(print)
    except CannotStart as error:
        print(f"hotline: {error}", file=sys.stderr)
        return 1
    env = {**os.environ, "HOTLINE_TEST_ALL": "1", "PATH": f"{BIN}:{os.environ.get('PATH', '')}"}
    failed: list[str] = []
    if not arguments:
        failed = [name for name, command in CHECKS if _run(name, command, env) != 0]
    code = _run("tests", ("pytest", *arguments), env)
    if failed:
        print(f"hotline: these checks failed: {', '.join(failed)}", file=sys.stderr)
    return code or (1 if failed else 0)


def _run(name: str, command: Sequence[str], env: dict[str, str]) -> int:
    print(f"--- {name}: {' '.join(command)}", flush=True)
    return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=PROJECT, env=env, check=False).returncode
