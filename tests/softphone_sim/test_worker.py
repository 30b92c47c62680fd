"""The worker process with real softphones, but nobody to talk to."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from softphone_sim.phone import AddLine, Command, Dial, HangUp, Start, Stop
from softphone_sim.rtp_ports import BLOCK, free_blocks
from softphone_sim.tone import chord, write_wav
from softphone_sim.wire import command_line, read_event

SECRET = "c0rrect-horse"
PROJECT = Path(__file__).parents[2]


class Worker:
    """A worker process spoken to directly. Port 9 (discard) is the registrar that never answers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.errors = folder / "errors"
        self.tone = folder / "tone.wav"
        write_wav(self.tone, chord(1700.0, 1.0))
        with self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "softphone_sim.worker"],
                cwd=PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )

    def say(self, *commands: Command | bytes) -> None:
        assert self.process.stdin
        for command in commands:
            self.process.stdin.write(command if isinstance(command, bytes) else command_line(command))
        self.process.stdin.flush()

    def hear(self) -> tuple[str, str]:
        assert self.process.stdout
        event = read_event(self.process.stdout.readline())
        return event.phone, event.kind

    def start(self) -> None:
        block = next(free_blocks("127.0.0.1", 0))
        self.say(Start("127.0.0.1:9", "127.0.0.1", block, BLOCK, str(self.folder)))
        self.say(AddLine("callers", "walkin", SECRET, False, str(self.tone)))
        self.say(Dial("callers", "Anna", "1000", str(self.tone), 7))
        assert self.hear() == ("Anna", "dialled")


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    worker = Worker(tmp_path)
    yield worker
    assert worker.process.stdin and worker.process.stdout
    worker.process.stdin.close()
    worker.process.stdout.close()
    worker.process.kill()
    worker.process.wait()


def test_a_call_that_is_hung_up_before_any_answer_is_reported(worker: Worker):
    worker.start()
    worker.say(HangUp("Anna", 7), HangUp("Anna", 7), HangUp("nobody", 1))
    assert worker.hear() == ("Anna", "hung_up")


def test_told_to_stop_it_leaves_without_a_murmur(worker: Worker):
    worker.start()
    worker.say(Stop())
    assert worker.process.wait(10) == 0
    assert "Assertion" not in worker.errors.read_text()


def test_it_leaves_when_nobody_is_left_to_command_it(worker: Worker):
    worker.start()
    assert worker.process.stdin
    worker.process.stdin.close()
    assert worker.process.wait(10) == 0


def test_it_leaves_on_sigterm_and_ignores_ctrl_c(worker: Worker):
    worker.start()
    worker.process.send_signal(signal.SIGINT)
    worker.say(HangUp("Anna", 7))
    assert worker.hear() == ("Anna", "hung_up")
    worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(10) == 0


def test_nonsense_ends_it_and_no_secret_is_in_its_log_or_command_line(worker: Worker):
    worker.start()
    assert SECRET not in " ".join(psutil.Process(worker.process.pid).cmdline())
    worker.say(command_line(AddLine("x", "y", SECRET, True, "t")).replace(b"true", b'"perhaps"'))
    assert worker.process.wait(10) == 1
    errors = worker.errors.read_text()
    assert "DecodeError" in errors or "ValidationError" in errors
    assert SECRET not in errors


def test_calls_of_two_people_whose_names_look_alike_in_a_file_system_are_both_possible(worker: Worker):
    worker.start()
    worker.say(Dial("callers", "An/na", "1000", str(worker.tone), 7))
    assert worker.hear() == ("An/na", "dialled")
