"""What stands in a log, and what must not."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from ivr.logs import configure_logs

NUMBER = "+7 916 123-45-67"
DIGITS = "9161234567"


@pytest.fixture(autouse=True)
def configured_as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def fail_with_a_number(log) -> None:
    """The number is in the error's text, in its cause's text, and in a field."""
    try:
        try:
            raise KeyError(DIGITS)
        except KeyError as error:
            raise ValueError(f"nobody answers at {NUMBER}") from error
    except ValueError:
        log.exception("a call could not be made", caller=NUMBER)


def no_trace_of_it(text: str) -> bool:
    return DIGITS not in "".join(sign for sign in text if sign.isdigit() or sign in "\n.:,")


def test_a_number_in_a_traceback_is_masked_in_the_file(tmp_path: Path):
    configure_logs(tmp_path / "a.log")
    fail_with_a_number(structlog.get_logger())
    [line] = (tmp_path / "a.log").read_text("utf-8").splitlines()
    entry = json.loads(line)
    assert entry["event"] == "a call could not be made"
    assert "ValueError: nobody answers at …67" in entry["exception"]
    assert "Traceback" in entry["exception"]
    assert no_trace_of_it(line)


def test_a_number_in_a_traceback_is_masked_on_the_terminal(capsys: pytest.CaptureFixture[str]):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        configure_logs(None)
        fail_with_a_number(structlog.get_logger())
    shown = capsys.readouterr().err
    assert "ValueError: nobody answers at …67" in shown
    assert "Traceback" in shown
    assert no_trace_of_it(shown)


def test_a_file_keeps_one_object_a_line_in_the_callers_own_letters(tmp_path: Path):
    configure_logs(tmp_path / "a.log")
    structlog.get_logger().info("a menu was chosen", title="Справка\nи запись")
    structlog.get_logger().debug("not asked for")
    [line] = (tmp_path / "a.log").read_text("utf-8").splitlines()
    assert "Справка" in line
    assert json.loads(line)["title"] == "Справка\nи запись"


def test_a_second_start_goes_on_in_the_same_file(tmp_path: Path):
    for _ in range(2):
        configure_logs(tmp_path / "a.log")
        structlog.get_logger().warning("started")
    assert len((tmp_path / "a.log").read_text("utf-8").splitlines()) == 2


def test_a_full_disk_costs_log_lines_and_no_call():
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    configure_logs(Path("/dev/full"))
    for _ in range(3):
        structlog.get_logger().error("a speech worker is lost", worker="127.0.0.1:1")
