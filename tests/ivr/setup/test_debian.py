from __future__ import annotations

import os
from pathlib import Path

import pytest

from ivr.setup import debian
from ivr.setup.problem import SetupProblem

BOOKWORM = """\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
# a comment = no field
VERSION_CODENAME=bookworm
ID=debian
"""
UBUNTU = {"PRETTY_NAME": "Ubuntu 24.04.1 LTS", "ID": "ubuntu", "ID_LIKE": "debian"}
FEDORA = {"PRETTY_NAME": "Fedora Linux 41", "ID": "fedora"}


def nothing(name: str) -> None:
    return None


def everything(name: str) -> str:
    return f"/usr/bin/{name}"


def test_the_distribution_is_read_with_and_without_quotes() -> None:
    assert debian.os_release(BOOKWORM) == {
        "PRETTY_NAME": "Debian GNU/Linux 12 (bookworm)",
        "VERSION_CODENAME": "bookworm",
        "ID": "debian",
    }
    assert debian.os_release("ID='alpine'\n") == {"ID": "alpine"}
    assert debian.os_release("") == {}


def test_a_program_that_came_by_another_way_is_not_installed_again() -> None:
    assert debian.missing(["mmdebstrap", "espeak-ng", "rhvoice"], nothing) == [
        "mmdebstrap",
        "espeak-ng",
        "rhvoice",
    ]
    assert debian.missing(["mmdebstrap", "espeak-ng", "rhvoice"], everything) == []


def test_debian_and_its_like_are_welcome() -> None:
    debian.refuse_foreign(["espeak-ng"], debian.os_release(BOOKWORM), everything)
    debian.refuse_foreign(["espeak-ng"], UBUNTU, everything)


@pytest.mark.parametrize(("release", "apt"), [(FEDORA, everything), (UBUNTU, nothing), ({}, everything)])
def test_another_distribution_is_told_what_to_install(release: dict[str, str], apt: debian.Program) -> None:
    with pytest.raises(SetupProblem) as told:
        debian.refuse_foreign(["mmdebstrap", "espeak-ng"], release, apt)
    name = release.get("PRETTY_NAME", "this system")
    assert str(told.value) == (
        f"{name} is not Debian or its like: install yourself what Debian calls mmdebstrap, espeak-ng, then try again"
    )


def test_without_sudo_an_administrator_gets_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        SetupProblem, match=r"no sudo: ask an administrator to run: apt-get install espeak-ng$"
    ):
        debian.as_root(["espeak-ng"])


@pytest.mark.parametrize(("answer", "words"), [(0, ["sudo", "-n"]), (1, None)])
def test_sudo_is_asked_whether_it_needs_a_password(
    answer: int, words: list[str] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(os, "isatty", lambda descriptor: False)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "sudo").write_text(f"#!/bin/sh\nexit {answer}\n")
    (tmp_path / "sudo").chmod(0o755)
    if words is None:
        with pytest.raises(SetupProblem, match="sudo was refused"):
            debian.as_root(["espeak-ng"])
    else:
        assert debian.as_root(["espeak-ng"]) == words


def test_root_needs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert debian.as_root(["espeak-ng"]) == []
