from __future__ import annotations

from pathlib import Path

from ivr.doctor.judge.secrets import Kept, SecretFacts, judge
from ivr.doctor.probe.secrets import examine
from ivr.doctor.subject import STAND_IN, Subject, Untouched
from tests.ivr.doctor.reading import said, troubles


def test_closed_files_are_well_and_so_are_none():
    assert troubles(judge(SecretFacts("city", "var/city", "hotline"))) == []
    assert troubles(judge(SecretFacts("city", "var/city", "hotline", (Kept("s", "passwords", False),)))) == []


def test_a_secret_that_others_can_read_is_an_error_with_what_to_do_about_the_harm_done():
    facts = SecretFacts("city", "var/city", "hotline", (Kept("secrets.json", "passwords", True, "renew it"),))
    findings = list(judge(facts))
    assert troubles(findings) == ["secret-open"]
    assert said(findings, "secret-open").cure.startswith("chmod 600 secrets.json")
    assert "renew it" in said(findings, "secret-open").cure


def test_a_folder_of_another_user_says_whom_to_be():
    findings = list(judge(SecretFacts("city", "var/city", "anna", stranger="hotline")))
    assert troubles(findings) == ["instance-foreign"]
    assert "sudo -u hotline" in said(findings, "instance-foreign").cure


def test_modes_are_looked_at(tmp_path: Path):
    subject = Subject("city", Untouched(tmp_path), tmp_path / "site.yaml")
    subject.instance.secrets_file.write_text('{"ami": "hush-hush"}')
    subject.instance.secrets_file.chmod(0o640)
    findings = list(examine(subject))
    assert troubles(findings) == ["secret-open"]
    assert "hush-hush" not in str(findings)
    subject.instance.secrets_file.chmod(0o600)
    assert troubles(examine(subject)) == []


def test_secrets_that_are_not_there_yet_are_stood_in_for_and_never_made(tmp_path: Path):
    assert Untouched(tmp_path).secrets_for(["ami", "op1"]) == {"ami": STAND_IN, "op1": STAND_IN}
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "secrets.json").write_text('{"ami": "known"}')
    assert Untouched(tmp_path).secrets_for(["ami", "op1"]) == {"ami": "known", "op1": STAND_IN}
