from __future__ import annotations

from pathlib import Path

import pytest

from asterisk_conf.installation import NoAsterisk, find, private, version_of


def program(path: Path, script: str) -> tuple[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return (str(path),)


def unpacked(root: Path, said: str) -> None:
    program(root / "usr/lib64/ld-linux-x86-64.so.2", f"echo {said}")
    program(root / "usr/sbin/asterisk", "")
    (root / "usr/lib/x86_64-linux-gnu").mkdir(parents=True)


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1", "22.10.1"),
        ("Asterisk 20.6.0~dfsg+~cs6.13", "20.6.0"),
        ("Asterisk certified/20.7-cert2", "20.7"),
        ("Asterisk GIT-master-1234", None),
        ("", None),
    ],
)
def test_the_version_is_what_the_program_says(tmp_path: Path, said: str, version: str | None):
    assert version_of(program(tmp_path / "asterisk", f"echo '{said}'")) == version


def test_a_program_that_fails_or_is_missing_has_no_version(tmp_path: Path):
    assert version_of(program(tmp_path / "asterisk", "exit 1")) is None
    assert version_of((str(tmp_path / "nothing"),)) is None


def test_the_private_one_is_called_through_its_own_loader(tmp_path: Path):
    unpacked(tmp_path, "Asterisk 22.10.1")
    found = private(tmp_path)
    assert found is not None
    assert found.argv == (
        str(tmp_path / "usr/lib64/ld-linux-x86-64.so.2"),
        "--library-path",
        str(tmp_path / "usr/lib/x86_64-linux-gnu"),
        str(tmp_path / "usr/sbin/asterisk"),
    )
    assert found.major == 22


def test_an_old_one_is_not_taken_and_is_named(tmp_path: Path):
    unpacked(tmp_path / "var/asterisk", "Asterisk 18.9.0")
    with pytest.raises(NoAsterisk, match=r"found only 18\.9\.0"):
        find(tmp_path, path=str(tmp_path / "bin"))


def test_where_there_is_none_it_says_so(tmp_path: Path):
    with pytest.raises(NoAsterisk, match="no Asterisk 20 or later"):
        find(tmp_path, path=str(tmp_path / "bin"))


def test_it_can_be_run_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    unpacked(tmp_path / "var/asterisk", "Asterisk 22.10.1")
    monkeypatch.chdir(tmp_path)
    found = find(Path(), path="")
    assert found.argv[0].startswith("/")
    assert found.modules.is_absolute()


def test_an_old_system_asterisk_gives_way_to_the_private_one(tmp_path: Path):
    program(tmp_path / "bin/asterisk", "echo Asterisk 16.28.0")
    unpacked(tmp_path / "var/asterisk", "Asterisk 22.10.1")
    assert find(tmp_path, path=str(tmp_path / "bin")).version == "22.10.1"
