"""`./hotline check` as people and programs read it."""

import json
from pathlib import Path

import pytest

from ivr.check_command import run_check
from tests.ivr.small_site import in_site, line_of, written

UNKNOWN = in_site("", "database: sqlite", "databse: sqlite", "unknown-key", ())
SMALL_RANGE = in_site("", "to: 10199", "to: 10100", "rtp-small", ())


def test_a_site_without_mistakes_is_praised_and_exits_with_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_check(written(tmp_path)) == 0
    assert capsys.readouterr().out == "no errors, no warnings\n"


def test_an_error_is_printed_with_file_and_line_and_exits_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = written(tmp_path, UNKNOWN, SMALL_RANGE)
    assert run_check(site) == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{site}:{line_of(site, '10100')}: warning: 101 ports")
    assert second.startswith(f"{site}:{line_of(site, 'databse')}: error: 'databse' is not a key here")
    assert last == "1 error, 1 warning: mend the errors, then check again"


def test_a_warning_alone_exits_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_check(written(tmp_path, SMALL_RANGE)) == 0
    assert capsys.readouterr().out.endswith("no errors, 1 warning\n")


def test_square_brackets_in_a_value_are_printed_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = written(tmp_path, in_site("", "database: sqlite", "database: '[bold]x[/bold]'", "", ()))
    assert run_check(site) == 1
    assert "'[bold]x[/bold]' is no database" in capsys.readouterr().out


def test_programs_read_the_findings_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = written(tmp_path, UNKNOWN)
    assert run_check(site, json=True) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    (finding,) = answer["findings"]
    assert (finding["file"], finding["line"], finding["code"]) == (
        str(site),
        line_of(site, "databse"),
        "unknown-key",
    )


def test_a_folder_stands_for_the_site_file_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path)
    assert run_check(tmp_path) == 0
    assert capsys.readouterr().err == ""
