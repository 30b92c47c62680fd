"""`./hotline test`: every check the project has, on the real components."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
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

LIVE = "tests/live"
ONE_OF_TWO = ("-p", "no:cacheprovider")  # two runs at once would write over each other's memory of failures


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
    if arguments:
        return _run("tests", ("pytest", *arguments), env)
    failed = [name for name, command in CHECKS if _run(name, command, env) != 0]
    failed += _all_tests(env)
    if failed:
        print(f"hotline: these checks failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _all_tests(env: dict[str, str]) -> list[str]:
    """Live tests wait for telephones most of their time; the others run beside them and are shown afterwards.

    Returns which of the two failed.
    """
    with tempfile.TemporaryFile() as said:
        beside = [str(BIN / "pytest"), *ONE_OF_TWO, "tests", f"--ignore={LIVE}"]
        others = subprocess.Popen(beside, cwd=PROJECT, env=env, stdout=said, stderr=subprocess.STDOUT)
        try:
            live = _run("live tests", ("pytest", *ONE_OF_TWO, LIVE), env)
            code = others.wait()
        except KeyboardInterrupt:
            others.wait()  # Ctrl-C went to both
            raise
        print("--- tests", flush=True)
        said.seek(0)
        sys.stdout.buffer.write(said.read())
        sys.stdout.buffer.flush()
    return [name for name, result in (("live tests", live), ("tests", code)) if result != 0]


def _run(name: str, command: Sequence[str], env: dict[str, str]) -> int:
    print(f"--- {name}: {' '.join(command)}", flush=True)
    return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=PROJECT, env=env, check=False).returncode
