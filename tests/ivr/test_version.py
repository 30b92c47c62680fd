"""The command line knows which version it is."""

from __future__ import annotations

import tomllib

import pytest

from ivr.cli import app
from ivr.instance import PROJECT


def test_the_version_is_the_projects_own(capsys: pytest.CaptureFixture[str]):
    with (PROJECT / "pyproject.toml").open("rb") as file:
        version = tomllib.load(file)["project"]["version"]
    app("--version")
    assert capsys.readouterr().out.strip() == version
