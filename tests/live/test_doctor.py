"""The doctor at a hotline that really runs, and at one in trouble."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import signal
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ivr.doctor.examine import examine
from ivr.doctor.finding import Finding
from ivr.doctor.judge import processes
from ivr.doctor.judge.processes import situation
from ivr.doctor.subject import Subject, Untouched
from ivr.instance import PROMPTS, Instance
from softphone_sim.person import Press
from tests.ivr.doctor.reading import said, troubles
from tests.live.running_hotline import RunningHotline, places

pytestmark = pytest.mark.live

OF_THE_MACHINE = {
    "clock-unsynced", "running-as-root", "asterisk-root-closed", "voice-robotic", "voice-other",
    "asterisk-holes", "rtp-shared", "site-warning", "sip-port-ephemeral", "rtp-ephemeral",
}  # fmt: skip
"""What a test machine may have, and no hotline on it can help. The harness picks ports as the kernel gives them."""


@pytest.fixture
async def hotline(tmp_path: Path) -> AsyncIterator[RunningHotline]:
    running = RunningHotline(tmp_path)
    await running.start()
    try:
        yield running
    finally:
        await running.end()


async def look(hotline: RunningHotline) -> tuple[Subject, list[Finding]]:
    return await examine(hotline.site_file, "city", Untouched(hotline.instance.home))


async def found(hotline: RunningHotline) -> list[str]:
    """The codes of what is wrong with the hotline, not with the machine."""
    return [code for code in troubles((await look(hotline))[1]) if code not in OF_THE_MACHINE]


async def until_found(hotline: RunningHotline, code: str, within: float = 20.0) -> list[Finding]:
    end = time.monotonic() + within
    while time.monotonic() < end:
        _, findings = await look(hotline)
        if code in troubles(findings):
            return findings
        await asyncio.sleep(0.2)
    raise AssertionError(f"no {code} within {within} s: {troubles(findings)}")


async def test_a_hotline_in_health_is_told_so_in_the_middle_of_a_call_and_nothing_changes(
    hotline: RunningHotline,
):
    await hotline.operators("op1", talk_for=6.0)
    caller = hotline.caller(1, Press(1.0, "1"))
    await hotline.until(lambda figures: places(figures, "talking") == 1)
    before = contents(hotline.instance)
    began = time.monotonic()
    subject, findings = await look(hotline)
    took = time.monotonic() - began
    assert [code for code in troubles(findings) if code not in OF_THE_MACHINE] == []
    assert situation(subject.processes) == "running"
    assert took < 5
    sentences = " ".join(one.sentence for one in findings)
    assert "1 of 8 operators' phones are registered" in sentences
    assert "1 now, 30 are expected" in sentences
    assert "the controller writes it, nothing waits" in sentences
    assert not any(secret in sentences for secret in hotline.secrets.values())
    assert contents(hotline.instance) == before
    assert (await caller).heard_whom == "op1"


def contents(instance: Instance) -> dict[str, str]:
    """Of everything that the calls do not write themselves."""
    moving = ("journal", "people", "log", "astdb")
    return {
        str(file): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in instance.home.rglob("*")
        if file.is_file() and not any(word in file.name for word in moving)
    }


async def test_a_stopped_hotline_is_told_to_start_and_one_whose_port_is_taken_is_not(hotline: RunningHotline):
    await hotline.end()
    subject, findings = await look(hotline)
    assert [code for code in troubles(findings) if code not in OF_THE_MACHINE] == []
    assert situation(subject.processes) == "stopped"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as thief:
        thief.bind((hotline.settings.sip_bind, hotline.settings.sip_port))
        _, findings = await look(hotline)
        assert f"(pid {os.getpid()})" in said(findings, "sip-port-taken").sentence
        thief_in_range = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with thief_in_range:
            thief_in_range.bind(("127.0.0.1", hotline.settings.rtp_from + 2))
            assert "rtp-occupied" in await found(hotline)
    assert await found(hotline) == []


async def test_a_dead_asterisk_is_found_until_the_keeper_has_started_it_again(hotline: RunningHotline):
    subject, _ = await look(hotline)
    assert subject.processes.asterisk is not None
    os.kill(subject.processes.asterisk, signal.SIGKILL)
    await until_found(hotline, "parts-died")
    await hotline.until(lambda figures: figures["switch"])
    assert not {"asterisk-dead", "starting", "ami-link-down"} & set(await found(hotline))


async def test_a_hanging_controller_is_told_apart_from_a_dead_one(
    hotline: RunningHotline, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(processes, "STARTS_WITHIN", 0.0)  # no allowance for one that is just starting
    subject, _ = await look(hotline)
    controller = subject.processes.controller
    assert controller is not None
    os.kill(controller, signal.SIGSTOP)
    try:
        began = time.monotonic()
        subject, findings = await look(hotline)
        assert time.monotonic() - began < 5
        assert f"kill -9 {controller}" in said(findings, "controller-silent").cure
        assert situation(subject.processes) == "broken"
    finally:
        os.kill(controller, signal.SIGCONT)
    await hotline.until(lambda figures: figures["switch"])
    assert "controller-silent" not in await found(hotline)


async def test_without_a_keeper_the_survivor_is_named_and_the_manager_is_tried_when_nobody_uses_it(
    hotline: RunningHotline,
):
    subject, _ = await look(hotline)
    asterisk, controller = subject.processes.asterisk, subject.processes.controller
    assert asterisk is not None
    assert controller is not None
    hotline.keeper.kill()
    hotline.keeper.wait()
    try:
        await gone(controller)  # it goes with its keeper
        subject, findings = await look(hotline)
        assert f"(pid {asterisk})" in said(findings, "asterisk-orphan").sentence
        assert situation(subject.processes) == "broken"
        assert any("lets the controller's account in" in one.sentence for one in findings)
        hotline.instance.secrets_file.write_text('{"ami": "another-password-than-asterisk-knows"}')
        assert "ami-refused" in await found(hotline)
    finally:
        for pid in (controller, asterisk):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    await gone(asterisk)
    subject, findings = await look(hotline)
    assert "keeper.pid, control.sock" in said(findings, "left-behind").sentence
    assert situation(subject.processes) == "stopped"


async def gone(pid: int, within: float = 10.0) -> None:
    end = time.monotonic() + within
    while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:
        assert time.monotonic() < end, f"{pid} does not go"
        await asyncio.sleep(0.05)


async def test_open_secrets_changed_menus_and_a_broken_journal_are_found(hotline: RunningHotline):
    home = hotline.instance.home
    hotline.instance.secrets_file.chmod(0o644)
    (hotline.instance.switch / "etc/pjsip.conf").chmod(0o644)
    findings = (await look(hotline))[1]
    assert troubles(findings).count("secret-open") == 2
    hotline.instance.secrets_file.chmod(0o600)
    (hotline.instance.switch / "etc/pjsip.conf").chmod(0o600)
    text = hotline.site_file.read_text("utf-8")
    hotline.site_file.write_text(text.replace("answered_within: 20", "answered_within: 25"), "utf-8")
    assert await found(hotline) == ["site-changed", "phones-none"]
    hotline.site_file.write_text(text.replace("caller12", "caller13"), "utf-8")
    assert "asterisk-files-old" in await found(hotline)
    hotline.site_file.write_text(text, "utf-8")
    await hotline.end()
    (home / "journal.sqlite").write_bytes(b"rubbish" * 1000)
    assert "database-unreadable" in await found(hotline)


async def test_prompts_that_were_removed_are_found_while_callers_may_come(
    hotline: RunningHotline, tmp_path: Path
):
    async def with_sounds_in(folder: Path) -> set[str]:
        where = Untouched(hotline.instance.home)
        return {
            code
            for code in troubles((await examine(hotline.site_file, "city", where, folder))[1])
            if "prompts" in code
        }

    assert await with_sounds_in(PROMPTS) == set()
    assert await with_sounds_in(tmp_path / "empty") == {"prompts-missing"}
    await hotline.end()
    assert await with_sounds_in(tmp_path / "empty") == {"prompts-to-be-made"}
