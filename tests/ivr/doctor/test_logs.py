from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import structlog

from ivr.doctor.judge.logs import LogFacts, judge_all
from ivr.doctor.probe.logs import DIED, facts, of_controller, of_keeper, of_switch
from ivr.logs import configure_logs
from tests.ivr.doctor.reading import said, troubles

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_quiet_logs_are_well():
    assert troubles(judge_all((LogFacts("city", "a.log", 0), LogFacts("city", "b.log", 0)))) == []
    assert list(judge_all(())) == []


def test_errors_are_counted_and_the_most_frequent_one_is_shown():
    findings = list(judge_all((LogFacts("city", "a.log", 5, ("a menu failed", 4)),)))
    assert troubles(findings) == ["log-errors"]
    assert "5 errors" in said(findings, "log-errors").sentence
    assert "(4 times): a menu failed" in said(findings, "log-errors").sentence


def test_what_the_keeper_had_to_start_again_is_told_apart():
    findings = list(judge_all((LogFacts("city", "keeper.log", 0, died=1),)))
    assert troubles(findings) == ["parts-died"]
    assert "once" in said(findings, "parts-died").sentence


def test_our_own_logs_are_read_as_we_write_them(tmp_path: Path, capsys):
    configured = structlog.get_config()
    try:
        configure_logs(tmp_path / "controller.log")
        structlog.get_logger().error("a menu failed", menu="main")
        structlog.get_logger().warning("a remark on prompts")
        configure_logs(None)
        structlog.get_logger().error(DIED, part="the switch", after=0.5)
        structlog.get_logger().error("something else", why="no idea")
    finally:
        structlog.configure(**configured)
    (tmp_path / "keeper.log").write_text(capsys.readouterr().err)
    controller = facts("city", tmp_path / "controller.log", of_controller, LONG_AGO)
    assert (controller.errors, controller.most_often) == (1, ("a menu failed", 1))
    keeper = facts("city", tmp_path / "keeper.log", of_keeper, LONG_AGO)
    assert (keeper.errors, keeper.most_often, keeper.died) == (1, ("something else", 1), 1)


def test_lines_that_are_cut_off_or_old_are_passed_over(tmp_path: Path):
    log = tmp_path / "controller.log"
    old = '{"level": "error", "event": "old", "timestamp": "2019-05-01T10:00:00Z"}'
    log.write_text(f'{old}\nrror", "event": "half"}}\n[]\n"text"\n{{"level": "error"}}\n')
    assert facts("city", log, of_controller, LONG_AGO).errors == 0
    assert facts("city", tmp_path / "none.log", of_controller, LONG_AGO).errors == 0


def test_asterisks_errors_are_read_without_the_numbers_in_them():
    lines = [
        "[2026-11-22 18:39:26.244] NOTICE[704] loader.c: 66 modules will be loaded.",
        "[2026-11-22 18:39:27.001] ERROR[704] chan_pjsip.c: cannot call +7 916 123-45-67",
        "[2026-11-22 18:39:27.002] ERROR[704][C-0000001] res_rtp_asterisk.c: No RTP ports remaining.",
    ]
    assert [what for _, what in of_switch(lines)] == [
        "chan_pjsip.c: cannot call …67",
        "res_rtp_asterisk.c: No RTP ports remaining.",
    ]
