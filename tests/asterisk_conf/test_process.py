from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from asterisk_conf.ports import holder_of, tcp_port_free, udp_port_free
from asterisk_conf.process import Instance

WAITING = "import sys; print('up', flush=True); sys.stdin.read()"


@pytest.fixture
def running(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Something that waits, with an instance's mark in its command line."""
    command = [sys.executable, "-c", WAITING, str(tmp_path / "asterisk.conf"), "-f"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def instance(folder: Path, mark: str | None = None) -> Instance:
    return Instance(folder / "instance.pid", mark or str(folder / "asterisk.conf"))


def test_it_is_found_by_its_pid_file(tmp_path: Path, running: subprocess.Popen[str]):
    instance(tmp_path).remember(running.pid)
    found = instance(tmp_path).find()
    assert found is not None
    assert found.pid == running.pid


@pytest.mark.parametrize("content", [None, "", "no number", "99999999", "-5"])
def test_it_is_found_without_a_good_pid_file(
    tmp_path: Path, running: subprocess.Popen[str], content: str | None
):
    if content is not None:
        (tmp_path / "instance.pid").write_text(content)
    found = instance(tmp_path).find()
    assert found is not None
    assert found.pid == running.pid


def test_a_pid_that_somebody_else_has_now_is_not_it(tmp_path: Path, running: subprocess.Popen[str]):
    other = instance(tmp_path, mark=str(tmp_path / "other.conf"))
    other.remember(running.pid)
    assert other.find() is None


def test_what_has_ended_is_not_found_even_before_its_parent_looked(
    tmp_path: Path, running: subprocess.Popen[str]
):
    instance(tmp_path).remember(running.pid)
    running.kill()
    assert running.stdout is not None
    running.stdout.read()  # ends when the process has; nobody has waited for it yet
    assert instance(tmp_path).find() is None


def test_forgetting_twice_is_no_harm(tmp_path: Path):
    one = instance(tmp_path)
    one.remember(1)
    one.forget()
    one.forget()
    assert one.find() is None


def test_a_taken_port_is_told_with_its_holder():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        port = udp.getsockname()[1]
        assert not udp_port_free("127.0.0.1", port)
        assert f"(pid {os.getpid()})" in holder_of("udp", port)
    assert udp_port_free("127.0.0.1", port)


def test_a_port_somebody_listens_on_is_taken_and_one_that_he_left_is_free():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        port = tcp.getsockname()[1]
        assert not tcp_port_free("127.0.0.1", port)
    assert tcp_port_free("127.0.0.1", port)
