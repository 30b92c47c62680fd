from __future__ import annotations

import io
import re

import pytest

from ivr.setup.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_in_a_log_each_step_has_a_line_when_it_begins_and_one_when_it_ends() -> None:
    out = io.StringIO()
    progress = Progress(out)
    with progress.step("a private Asterisk"):
        progress.say("something else")
    lines = [re.sub(r"\d+\.\d", "N", line) for line in out.getvalue().splitlines()]
    assert lines == [
        "hotline: a private Asterisk …",
        "hotline: something else",
        "hotline: a private Asterisk: done after N s",
    ]


def test_a_step_that_failed_is_not_called_done() -> None:
    out = io.StringIO()
    with pytest.raises(ZeroDivisionError), Progress(out).step("the impossible"):
        raise ZeroDivisionError
    assert "the impossible: not done after" in out.getvalue()


def test_on_a_terminal_what_runs_stands_in_the_last_line_and_leaves_nothing_behind() -> None:
    out = Terminal()
    progress = Progress(out)
    with progress.step("one"), progress.step("two"):
        pass
    screen = [line.rsplit("\r\033[K", 1)[-1] for line in out.getvalue().split("\n")]
    assert [re.sub(r"\d+\.\d", "N", line) for line in screen] == [
        "hotline: two: done after N s",
        "hotline: one: done after N s",
        "",
    ]
    assert re.search(r"\rhotline: … one \d s, two \d s|\033\[Khotline: … one \d s", out.getvalue())
