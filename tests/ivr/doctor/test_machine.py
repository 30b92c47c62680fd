from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.doctor.judge import capacity, clock, disk, open_files
from ivr.doctor.judge.capacity import CapacityFacts
from ivr.doctor.judge.clock import ClockFacts
from ivr.doctor.judge.disk import DiskFacts
from ivr.doctor.judge.open_files import OpenFileFacts
from ivr.doctor.probe.clock import kernel_clock
from tests.ivr.doctor.reading import said, troubles

GB = 1_000_000_000
DISK = DiskFacts("var", "hotline", True, 100 * GB, 1_000_000, 30)
FILES = OpenFileFacts("hotline", 4096, 452, 4096, 30)
MACHINE = CapacityFacts(30, 2, 4000, running=False, as_root=False)


def test_a_roomy_machine_is_well():
    assert troubles(disk.judge(DISK)) == []
    assert troubles(open_files.judge(FILES)) == []
    assert troubles(capacity.judge(MACHINE)) == []
    assert troubles(clock.judge(ClockFacts(True, 0.01))) == []


def test_days_left_are_counted_for_all_expected_calls_round_the_clock():
    """30 calls of 3 minutes each are 14,400 a day; 6 kB each are 86.4 MB."""
    assert disk.days_left(replace(DISK, free=864_000_000)) == pytest.approx(10)


def test_a_journal_with_many_calls_says_itself_how_large_a_call_is():
    assert disk.bytes_per_call(replace(DISK, calls=1000, bytes_of_calls=20_000_000)) == 20_000
    assert disk.bytes_per_call(replace(DISK, calls=10, bytes_of_calls=20_000_000)) == disk.BYTES_PER_CALL


def test_little_room_is_a_warning_and_hardly_any_an_error():
    assert troubles(disk.judge(replace(DISK, free=2 * GB))) == ["disk-low"]
    assert troubles(disk.judge(replace(DISK, free=GB // 10))) == ["disk-full"]
    assert "1.2 days" in said(disk.judge(replace(DISK, free=GB // 10)), "disk-full").sentence


def test_a_large_disk_is_small_for_a_busy_hotline():
    assert troubles(disk.judge(replace(DISK, free=20 * GB, expected_calls=800))) == ["disk-low"]


def test_free_bytes_are_no_room_when_no_file_can_be_made():
    assert troubles(disk.judge(replace(DISK, inodes=10))) == ["inodes-gone"]
    assert troubles(disk.judge(replace(DISK, inodes=5_000))) == ["inodes-low"]
    assert troubles(disk.judge(replace(DISK, inodes=None))) == []


def test_a_folder_that_cannot_be_written_is_an_error():
    assert troubles(disk.judge(replace(DISK, writable=False))) == ["disk-read-only"]


def test_too_few_open_files_fail_calls_and_a_missing_reserve_is_only_told():
    assert troubles(open_files.judge(replace(FILES, limit=256))) == ["open-files-few"]
    assert troubles(open_files.judge(replace(FILES, limit=1024))) == ["open-files-low"]
    assert troubles(open_files.judge(replace(FILES, used=3500))) == ["open-files-nearly-used"]


def test_processors_and_memory_are_held_against_the_expected_calls():
    busy = replace(MACHINE, expected_calls=800)
    assert troubles(capacity.judge(busy)) == ["cpu-short"]
    assert "2.2 cores" in said(capacity.judge(busy), "cpu-short").sentence
    assert troubles(capacity.judge(replace(busy, cores=8))) == []
    assert troubles(capacity.judge(replace(MACHINE, available=200))) == ["memory-short"]
    assert troubles(capacity.judge(replace(MACHINE, available=200, running=True))) == []


def test_a_controller_as_root_is_told():
    assert troubles(capacity.judge(replace(MACHINE, as_root=True))) == ["running-as-root"]


def test_a_clock_that_nobody_keeps_in_step_is_told_and_a_silent_kernel_is_not():
    assert troubles(clock.judge(ClockFacts(False))) == ["clock-unsynced"]
    assert troubles(clock.judge(ClockFacts(True, 3.0))) == ["clock-loose"]
    assert list(clock.judge(ClockFacts(None))) == []


def test_a_clock_before_its_own_records_is_an_error():
    behind = ClockFacts(True, 0.01, ahead=3600.0, now="12:00", written="13:00", file="journal.sqlite")
    assert troubles(clock.judge(behind)) == ["clock-behind"]
    assert troubles(clock.judge(replace(behind, ahead=5.0))) == []


def test_the_kernel_is_asked_without_a_program():
    synced, possible_error = kernel_clock()
    assert synced in (True, False, None)
    assert 0 <= possible_error < 1000
