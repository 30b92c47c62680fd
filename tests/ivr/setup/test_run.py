from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.setup.run import LAST_LINES, Failed, Programs, Stopped

SOON = 10.0  # seconds a loaded machine may take for what takes none


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < end, "never came true"
        time.sleep(0.01)


def test_all_is_kept_and_the_last_lines_are_given(tmp_path: Path) -> None:
    log = tmp_path / "setup" / "log"
    programs = Programs()
    programs.run(["echo", "an earlier one"], log)
    said = programs.run(["seq", "40"], log)
    assert said.splitlines() == [str(n) for n in range(41 - LAST_LINES, 41)]
    assert "an earlier one\n" in log.read_text()
    assert " seq 40\n1\n2\n" in log.read_text()


def test_a_failure_carries_the_programs_own_words_and_not_those_of_the_one_before(tmp_path: Path) -> None:
    programs = Programs()
    programs.run(["echo", "an earlier one"], tmp_path / "log")
    with pytest.raises(Failed) as failed:
        programs.run(["sh", "-c", "echo this; echo that >&2; exit 3"], tmp_path / "log")
    assert failed.value.said == "this\nthat"
    assert failed.value.log == tmp_path / "log"


def test_a_program_that_is_not_here_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="no-such-program is not on this machine"):
        Programs().run(["no-such-program"], tmp_path / "log")


def test_nobody_is_ever_asked_anything(tmp_path: Path) -> None:
    assert Programs().run(["cat"], tmp_path / "log") == ""


def test_what_a_person_set_for_other_projects_does_not_reach_the_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_TARGET", "/elsewhere")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple")
    said = Programs().run(
        ["sh", "-c", "echo $PIP_TARGET,$PYTHONPATH,$PIP_INDEX_URL,$OURS"], tmp_path / "log", env={"OURS": "1"}
    )
    assert said == ",,https://index.example/simple,1"


def in_background(
    programs: Programs, argv: list[str], log: Path, ended: list[object], **how: bool
) -> threading.Thread:
    def work() -> None:
        try:
            ended.append(programs.run(argv, log, **how))
        except (Stopped, Failed) as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_to_stop_ends_the_program_with_its_children(tmp_path: Path) -> None:
    programs, ended, log = Programs(), [], tmp_path / "log"
    thread = in_background(programs, ["sh", "-c", "sleep 300 & echo $!; wait"], log, ended)
    until(lambda: len(log.read_text().splitlines()) > 2 if log.exists() else False)
    child = int(log.read_text().splitlines()[2])
    programs.stop()
    thread.join(SOON)
    assert isinstance(ended[0], Stopped)
    until(
        lambda: not Path(f"/proc/{child}").exists() or "(sleep) Z" in Path(f"/proc/{child}/stat").read_text()
    )


def test_after_the_stop_nothing_begins(tmp_path: Path) -> None:
    programs = Programs()
    programs.stop()
    with pytest.raises(Stopped):
        programs.run(["touch", str(tmp_path / "made")], tmp_path / "log")
    with pytest.raises(Stopped):
        programs.wait(300)
    assert not (tmp_path / "made").exists()


def test_dpkg_is_never_cut_off_halfway(tmp_path: Path) -> None:
    programs, ended = Programs(), []
    begun, go, done = (tmp_path / name for name in ("begun", "go", "done"))
    script = f"touch {begun}; until [ -e {go} ]; do sleep 0.01; done; touch {done}"
    thread = in_background(programs, ["sh", "-c", script], tmp_path / "log", ended, to_its_end=True)
    until(begun.exists)
    programs.stop()
    go.touch()
    thread.join(SOON)
    assert done.exists()
    assert isinstance(ended[0], Stopped)


def test_the_lock_outlives_us_until_the_last_program_has_ended(tmp_path: Path) -> None:
    """As after kill -9: who comes next must not meet a program that still writes."""
    lock = tmp_path / "lock"
    ours = """
import fcntl, os, signal, sys, threading
from pathlib import Path
from ivr.setup.run import Programs
lock = open(sys.argv[1], "w")
fcntl.flock(lock, fcntl.LOCK_EX)
folder = Path(sys.argv[1]).parent
script = f"touch {folder}/begun; until [ -e {folder}/go ]; do sleep 0.01; done"
threading.Thread(target=Programs(lock.fileno()).run, args=(["sh", "-c", script], folder / "log")).start()
while not (folder / "begun").exists():
    pass
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", ours, str(lock)], check=False).returncode == -9
    with lock.open("w") as mine:
        with pytest.raises(BlockingIOError):
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
        (tmp_path / "go").touch()
        until(lambda: _taken(mine.fileno()))


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def test_a_program_is_in_a_group_of_its_own_so_that_ctrl_c_reaches_us_alone(tmp_path: Path) -> None:
    said = Programs().run(
        [sys.executable, "-c", "import os; print(os.getpgid(0), os.getsid(0))"], tmp_path / "log"
    )
    group, session = map(int, said.split())
    assert group != os.getpgid(0)
    assert session == os.getsid(0)  # sudo remembers a password by the session
