"""What the READMEs tell the reader to type exists, both say the same, and their links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from ivr.cli import app
from ivr.instance import PROJECT

READMES = ("README.md", "README.ru.md")
LAUNCHER_ONLY = {"setup"}
PAGES = sorted(
    page
    for page in PROJECT.rglob("*.md")
    if not {"var", ".git", "node_modules"} & set(page.relative_to(PROJECT).parts)
)


def commands(readme: str) -> set[str]:
    """The sub-commands that a README names after ./hotline."""
    text = (PROJECT / readme).read_text("utf-8")
    return set(re.findall(r"\./hotline ([a-z]+)", text))


def known() -> set[str]:
    return {name for name in app if not name.startswith("-")}


@pytest.mark.parametrize("readme", READMES)
def test_every_command_of_the_readme_exists_and_every_command_is_in_it(readme: str):
    assert commands(readme) - LAUNCHER_ONLY <= known()
    assert known() <= commands(readme)


def test_both_readmes_name_the_same_commands():
    assert commands("README.md") - LAUNCHER_ONLY == commands("README.ru.md") - LAUNCHER_ONLY


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_leads_to_a_file(page: Path):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    missing = [one for one in targets if "://" not in one and not (page.parent / one).exists()]
    assert missing == []


@pytest.mark.live
@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["check"], 0, "no errors"),
        (["status", "--name", "nobody-started-this"], 1, "does not run"),
        (["down", "--name", "nobody-started-this"], 0, "was not running"),
        (["call", "--last", "3", "--name", "nobody-started-this"], 1, "was never started"),
        (["erlang", "c", "--calls", "360", "--interval", "30", "--aht", "240", "--servers", "55"], 0, "8.184"),
    ],
)
def test_commands_that_need_no_hotline_really_run(arguments: list[str], code: int, says: str):
    done = subprocess.run(
        ["./hotline", *arguments], cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == code, done.stderr
    assert says in done.stdout + done.stderr
