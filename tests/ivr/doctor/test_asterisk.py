from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.doctor.judge.asterisk import AsteriskFacts, Owner, judge
from tests.ivr.doctor.reading import said, troubles

GOOD = AsteriskFacts(
    "city",
    "site.yaml",
    "22.10.1",
    private=True,
    root="var/asterisk",
    music=5,
    files_made=True,
    owner=Owner("hotline"),
)


def test_a_present_asterisk_with_all_its_parts_is_well():
    assert troubles(judge(GOOD)) == []


def test_no_asterisk_is_an_error_and_the_only_one():
    findings = list(
        judge(AsteriskFacts("city", "site.yaml", "", why="there is no Asterisk 20 or later here"))
    )
    assert troubles(findings) == ["asterisk-missing"]
    assert "./hotline up site.yaml --name city" in said(findings, "asterisk-missing").cure


@pytest.mark.parametrize("version", ["20.20.1", "20.21.0", "22.10.1", "22.11.0", "23.4.1", "24.0.0"])
def test_versions_without_known_holes_are_well(version: str):
    assert troubles(judge(replace(GOOD, version=version))) == []


@pytest.mark.parametrize("version", ["20.6.0", "20.20.0", "22.10.0", "22.9", "23.4.0"])
def test_versions_with_known_holes_are_told(version: str):
    assert troubles(judge(replace(GOOD, version=version))) == ["asterisk-holes"]


def test_a_branch_that_nobody_cares_for_is_told():
    assert troubles(judge(replace(GOOD, version="21.12.2"))) == ["asterisk-ended"]


def test_missing_modules_are_named_and_many_are_cut():
    names = tuple(f"res_{number}" for number in range(9))
    findings = list(judge(replace(GOOD, missing_modules=names)))
    assert troubles(findings) == ["asterisk-modules"]
    assert "9 modules" in findings[1].sentence
    assert "res_5 …" in findings[1].sentence


def test_silence_for_waiting_callers_is_told():
    assert troubles(judge(replace(GOOD, music=0))) == ["music-missing"]


def test_files_that_cannot_be_made_are_an_error():
    why = "operators[2].name: '#' is not a name"
    assert troubles(judge(replace(GOOD, files_made=False, files_problem=why))) == ["asterisk-files"]


def test_files_that_a_start_would_change_ask_for_a_restart_not_for_a_reload():
    findings = list(judge(replace(GOOD, old_files=("pjsip.conf",))))
    assert troubles(findings) == ["asterisk-files-old"]
    assert "down" in said(findings, "asterisk-files-old").cure


def test_asterisk_as_root_is_told_with_the_reason():
    assert troubles(judge(replace(GOOD, owner=Owner("root")))) == ["asterisk-root-no-user"]
    closed = Owner("root", "nobody", "var/prompts")
    assert troubles(judge(replace(GOOD, owner=closed))) == ["asterisk-root-closed"]
    assert troubles(judge(replace(GOOD, owner=Owner("root", "nobody")))) == ["asterisk-root"]


def test_an_unknown_user_is_no_finding():
    assert troubles(judge(replace(GOOD, owner=Owner()))) == []
