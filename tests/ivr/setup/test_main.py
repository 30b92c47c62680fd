from __future__ import annotations

import fcntl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ivr.instance import PROJECT
from ivr.setup import debian, environment, main, switch, voices


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> dict[str, bool]:
    """What this machine has; a test changes it."""
    has = {"environment": True, "switch": True, "voices": True, "packages": True}
    monkeypatch.setattr(environment, "ready", lambda project: has["environment"])
    monkeypatch.setattr(switch, "ready", lambda project: has["switch"])
    monkeypatch.setattr(voices, "settled", lambda project: has["voices"])
    monkeypatch.setattr(debian, "missing", lambda names: [] if has["packages"] else list(names))
    monkeypatch.delenv("HOTLINE_NO_APT", raising=False)
    return has


@pytest.mark.parametrize("command", ["demo", "test", "check", "status", ""])
def test_a_machine_that_has_all_is_left_alone(command: str, lacking: dict[str, bool]) -> None:
    assert not main.missing(PROJECT, command)


def test_a_bare_machine_gets_all_for_a_demonstration(lacking: dict[str, bool]) -> None:
    lacking |= dict.fromkeys(lacking, False)
    assert main.missing(PROJECT, "demo") == main.Missing(
        ("python3-venv", "mmdebstrap", "espeak-ng", "ca-certificates"),
        environment=True,
        switch=True,
        voices=True,
    )


def test_the_tests_need_a_database_server_too(lacking: dict[str, bool]) -> None:
    lacking["packages"] = False
    assert "postgresql" in main.missing(PROJECT, "test").packages


def test_what_only_reads_files_needs_no_telephony(lacking: dict[str, bool]) -> None:
    lacking |= dict.fromkeys(lacking, False)
    assert main.missing(PROJECT, "check") == main.Missing(("python3-venv",), environment=True)


def test_a_machine_with_an_asterisk_needs_nothing_to_fetch_one(lacking: dict[str, bool]) -> None:
    lacking["packages"] = False
    assert "mmdebstrap" not in main.missing(PROJECT, "demo").packages


def test_who_installs_by_hand_is_not_touched(
    lacking: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking |= dict.fromkeys(lacking, False)
    monkeypatch.setenv("HOTLINE_NO_APT", "1")
    assert main.missing(PROJECT, "demo") == main.Missing(environment=True, switch=True)


def test_first_words_before_anything_is_installed(
    lacking: dict[str, bool], capsys: pytest.CaptureFixture[str]
) -> None:
    lacking["environment"] = False
    for arguments in ([], ["--help"]):
        main.main(PROJECT, arguments)
        assert "./hotline demo" in capsys.readouterr().out


def test_a_second_copy_waits_for_the_first(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    code = (
        "import sys; from pathlib import Path; from ivr.setup.main import _one_at_a_time\n"
        "with _one_at_a_time(Path(sys.argv[1])): print('in')"
    )
    with (tmp_path / "var" / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        assert second.stderr.readline() == "hotline: another copy is setting up; waiting for it\n"
        time.sleep(0.1)
        assert second.poll() is None
    assert second.communicate(timeout=60)[0] == "in\n"


def test_the_set_up_needs_python_and_nothing_else() -> None:
    """-S: without any installed package, as on a bare machine."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import ivr.setup.main, ivr.setup.switch; print('fine')"
    )
    argv = [sys.executable, "-S", "-E", "-c", code, str(PROJECT)]
    assert subprocess.run(argv, capture_output=True, text=True, check=True).stdout == "fine\n"


def test_a_folder_nobody_may_write_into_is_told_with_the_way_out(
    lacking: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking["environment"] = False
    with pytest.raises(SystemExit) as told:
        main.main(Path("/proc/hotline"), ["check"])
    assert "cannot write below /proc/hotline/var" in str(told.value)
    assert str(told.value).endswith("copy the project into a folder where you may write")


def test_a_disk_without_room_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    with pytest.raises(
        main.SetupProblem, match=r"the disk is too full: 999999999 MB are needed .* make room"
    ):
        main._room(tmp_path, 999_999_999)
    main._room(tmp_path, 1)
