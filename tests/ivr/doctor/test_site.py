from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.doctor.judge.site import SiteFacts, judge
from ivr.doctor.probe.site import phrase_languages
from ivr.finding import Finding
from tests.ivr.doctor.reading import said, troubles

GOOD = SiteFacts(
    "city",
    "site.yaml",
    (),
    version="a1",
    running="a1",
    timezone="Europe/Moscow",
    now=datetime(2026, 11, 22, 21, 30, tzinfo=ZoneInfo("Europe/Moscow")),
    languages=("ru", "en"),
    phrases_in=("en", "ru"),
)


def of_checker(severity, code: str = "unknown-key", line: int = 1) -> Finding:
    return Finding("site.yaml", line, 1, severity, code, "'prioritty' is not a key; did you mean 'priority'?")


def test_a_good_site_is_well_and_tells_its_local_time():
    findings = list(judge(GOOD))
    assert troubles(findings) == []
    assert any("21:30 on Sunday" in one.sentence for one in findings)


def test_the_checkers_errors_are_told_with_file_and_line():
    findings = list(judge(replace(GOOD, findings=(of_checker("error", line=36),))))
    assert troubles(findings) == ["site-error"]
    assert "site.yaml:36: error:" in said(findings, "site-error").sentence


def test_many_errors_are_counted_and_not_all_shown():
    many = tuple(of_checker("error", line=line) for line in range(1, 9))
    assert troubles(judge(replace(GOOD, findings=many))) == ["site-error"] * 5 + ["site-errors-more"]


def test_the_checkers_warnings_stay_warnings_but_for_what_is_judged_here():
    findings = (of_checker("warning"), of_checker("warning", "rtp-small"))
    assert troubles(judge(replace(GOOD, findings=findings))) == ["site-warning"]


def test_braces_in_a_finding_do_no_harm():
    odd = Finding("site.yaml", 1, 1, "error", "wrong-type", "'{name}' is no list")
    assert "'{name}'" in next(judge(replace(GOOD, findings=(odd,)))).sentence


def test_menus_changed_since_they_were_loaded_ask_for_a_reload():
    findings = list(judge(replace(GOOD, version="b2")))
    assert troubles(findings) == ["site-changed"]
    assert said(findings, "site-changed").cure == "./hotline reload --name city"


def test_a_site_file_that_is_not_in_force_is_told():
    assert troubles(judge(replace(GOOD, asked="other.yaml"))) == ["site-other"]


def test_a_language_in_which_the_hotline_cannot_speak_of_itself_is_an_error():
    assert troubles(judge(replace(GOOD, languages=("ru", "tt")))) == ["language-without-phrases"]


def test_russian_and_english_sentences_are_complete():
    assert {"ru", "en"} <= set(phrase_languages())
