from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from ivr.doctor.command import report
from ivr.doctor.examine import EXAMPLE, examine, safely
from ivr.doctor.finding import Finding
from ivr.doctor.probe.subject import chosen
from ivr.doctor.subject import Untouched
from ivr.doctor.view import show, summary
from tests.ivr.doctor.reading import troubles


async def test_a_look_that_fails_becomes_a_finding_and_stops_nobody():
    async def breaks() -> list[Finding]:
        raise PermissionError(13, "Permission denied", "/var/secret")

    async def hangs() -> list[Finding]:
        raise TimeoutError

    assert troubles(await safely("the disk", breaks)) == ["not-looked-at"]
    assert "PermissionError" in (await safely("the disk", breaks))[0].sentence
    assert troubles(await safely("the disk", hangs)) == ["not-looked-at"]


async def test_a_hotline_that_was_never_started_is_looked_at_and_nothing_is_made(tmp_path: Path):
    began = time.monotonic()
    subject, findings = await examine(EXAMPLE, "city", Untouched(tmp_path / "city"))
    assert "not-looked-at" not in troubles(findings)
    assert {one.area for one in findings} == {
        "Site", "Asterisk", "Ports", "Prompts", "Speech", "Records", "Secrets", "Machine", "Running",
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == []
    assert time.monotonic() - began < 5
    assert subject.processes.keeper is None


async def test_a_site_file_with_errors_is_told_and_the_machine_is_looked_at_all_the_same(tmp_path: Path):
    broken = tmp_path / "site.yaml"
    broken.write_text("name: {ru: Линия}\nlanguages: [ru]\nnumberz: []\n")
    _, findings = await examine(broken, "city", Untouched(tmp_path / "city"))
    assert "site-error" in troubles(findings)
    assert {"Machine", "Running", "Asterisk"} <= {one.area for one in findings}


@pytest.mark.parametrize("text", ["", "not: [yaml", "\x00\xff", "[]", "name: 5"])
async def test_any_rubbish_for_a_site_file_is_an_error_and_no_crash(tmp_path: Path, text: str):
    rubbish = tmp_path / "site.yaml"
    rubbish.write_text(text, encoding="latin-1")
    found = troubles((await examine(rubbish, "city", Untouched(tmp_path / "city")))[1])
    assert "site-error" in found
    assert "not-looked-at" not in found


async def test_a_site_file_that_is_not_there_is_an_error(tmp_path: Path):
    assert "site-error" in troubles(
        (await examine(tmp_path / "no.yaml", "city", Untouched(tmp_path / "c")))[1]
    )


@pytest.mark.parametrize("settings", ["", "{}", "[]", "{", '{"site": 5}'])
async def test_settings_that_cannot_be_read_are_as_good_as_none(tmp_path: Path, settings: str):
    (tmp_path / "instance.json").write_text(settings)
    _, findings = await examine(EXAMPLE, "city", Untouched(tmp_path))
    assert "not-looked-at" not in troubles(findings)


def test_the_site_file_in_force_is_looked_at_and_another_only_for_a_stopped_hotline():
    example, mine, other = Path("/e/site.yaml"), Path("/m/site.yaml"), Path("/o/site.yaml")
    assert chosen(example, None, False, example) == (example, "")
    assert chosen(example, mine, True, example) == (mine, "")
    assert chosen(example, mine, False, example) == (mine, "")
    assert chosen(other, mine, False, example) == (other, "")
    assert chosen(other, mine, True, example) == (mine, str(other))
    assert chosen(mine, mine, True, example) == (mine, "")


def test_the_exit_code_and_the_json_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    broken = tmp_path / "site.yaml"
    broken.write_text("languages: [ru]\n")
    assert report(broken, "city", Untouched(tmp_path / "city"), json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["ok"], told["situation"], told["name"]) == (False, "stopped", "city")
    assert told["errors"] == sum(one["verdict"] == "error" for one in told["findings"]) > 0
    assert all(one["cure"] for one in told["findings"] if one["verdict"] != "ok")


@pytest.fixture
def narrow() -> Iterator[Console]:
    with Path(os.devnull).open("w") as nowhere:
        yield Console(file=nowhere, width=60, record=True)


async def test_a_person_sees_each_finding_with_its_cure_and_how_it_stands(tmp_path: Path, narrow: Console):
    broken = tmp_path / "site.yaml"
    broken.write_text("languages: [ru]\n")
    subject, findings = await examine(broken, "city", Untouched(tmp_path / "city"))
    show(narrow, subject, findings)
    shown = " ".join(narrow.export_text().split())
    for one in findings:
        assert one.what in shown
    assert "ERROR site file" in shown
    assert "→ mend it as the sentence says" in shown
    assert summary(subject, findings).endswith("mend the errors first")
    assert summary(subject, []).startswith("no errors, no warnings: it would start; start it: ./hotline up ")
