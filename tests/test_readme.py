"""What the documentation says: commands exist, both READMEs agree, links lead somewhere, every page is listed."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App, CycloptsError, MissingArgumentError

from ivr.cli import app
from ivr.setup import main as setup

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.ru.md")
DOCS = ROOT / "docs"
PAGES = sorted(
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
)
ROOT_WORDS = {"ID": "1763832642.17", "NAME": "some-name", "SITE": "site.yaml", "FILE": "file"}
"""What a reader puts in for the words in capitals."""

MANY = 60  # seconds for a command that only looks at files


def text_of(page: Path | str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def fenced(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def commands(page: Path | str) -> list[str]:
    """Every `./hotline ...` of a page: lines of its examples (their comments left out), and words in backticks."""
    text = text_of(page)
    lines = [line.removeprefix("$ ") for block in fenced(text) for line in block.splitlines()]
    spoken = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    found = [one for one in (*lines, *spoken) if one.startswith("./hotline")]
    return [re.sub(r"\s+# .*", "", one).strip() for one in found]


def arguments(command: str) -> list[str]:
    words = shlex.split(command)[1:]
    return [ROOT_WORDS.get(word, word) for word in words]


def known(words: list[str]) -> bool:
    """Whether the command line takes these words, every option included. Nothing is run."""
    if words[:1] == ["setup"]:
        return words[0] in setup.TELEPHONY and len(words) == 1
    if words in ([], ["--help"], ["--version"]):
        return True
    named, _, rest = app.parse_commands(words)
    if not named:
        return False
    try:
        _, _, unused, _ = app.parse_known_args([*named, *rest])
    except MissingArgumentError:
        return not rest  # only the command's name was mentioned
    except CycloptsError:
        return False
    return not unused


def names(of: App, *before: str) -> Iterator[str]:
    for name in of:
        if not name.startswith("-"):
            inner = of[name]
            below = list(names(inner, *before, name))
            yield from below or [" ".join((*before, name))]


def alternatives(command: str) -> list[str]:
    """`./hotline erlang b|c|a` stands for three commands."""
    choice = re.search(r"\S*\|\S*", command)
    return (
        [command.replace(choice.group(), one) for one in choice.group().split("|")] if choice else [command]
    )


MENTIONED = sorted({(str(page.relative_to(ROOT)), one) for page in PAGES for one in commands(page)})


def test_there_are_commands_to_test():
    assert {"./hotline demo", "./hotline test"} <= {one for page, one in MENTIONED if page == "README.md"}


@pytest.mark.parametrize(("page", "command"), MENTIONED)
def test_a_command_in_the_documentation_is_one_that_the_command_line_knows(page: str, command: str):
    for one in alternatives(command):
        if "…" in one or "..." in one:
            continue
        assert known(arguments(one)), f"{page}: {one}"


@pytest.mark.parametrize(
    "command",
    [
        "./hotline dmeo",
        "./hotline demo --fro 20",
        "./hotline demo --seed",
        "./hotline flow wlak menu.yaml",
        "./hotline setup now",
    ],
)
def test_a_slip_of_the_pen_would_be_noticed(command: str):
    assert not known(arguments(command))


def options(of: App) -> Iterator[str]:
    for name in of:
        if not name.startswith("-"):
            yield from options(of[name])
    if of.default_command is not None:
        for argument in of.assemble_argument_collection():
            yield from argument.names


@pytest.mark.parametrize("readme", READMES)
def test_an_option_named_by_itself_is_one_of_some_command(readme: str):
    named = set(re.findall(r"`[^`\n]*?(--[a-z-]+)", text_of(readme)))
    assert "--keep" in named
    assert named <= set(options(app))


def test_the_two_readmes_begin_with_the_two_commands():
    for readme in READMES:
        first = [re.sub(r"\s+#.*", "", line) for line in fenced(text_of(readme))[0].splitlines()]
        assert first == ["./hotline demo", "./hotline test"]


def test_the_two_readmes_have_the_same_commands():
    english, russian = (sorted(set(commands(readme))) for readme in READMES)
    assert english == russian


def test_the_two_readmes_show_the_same_transcripts():
    english, russian = (fenced(text_of(readme))[1:] for readme in READMES)
    assert english == russian


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_in_the_readme(readme: str):
    text = text_of(readme)
    missing = [name for name in names(app) if not re.search(rf"(hotline |\*\*`){name.split()[0]}\b", text)]
    missing += [name for name in names(app["flow"], "flow") if name not in text]
    assert missing == []


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def links(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`(?!\]\()", "", text))
    return [one for one in found if not re.match(r"[a-z]+:", one)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(page: Path):
    for link in links(page):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), f"{link} is nowhere"
        if anchor:
            assert anchor in anchors(target), f"{link} has no such heading"


@pytest.mark.parametrize(
    ("index", "pages"),
    [
        (DOCS / "README.md", sorted(DOCS.glob("*.md"))),
        (DOCS / "README.md", [page for page in PAGES if page.name == "README.md"]),
        (DOCS / "decisions" / "README.md", sorted((DOCS / "decisions").glob("*.md"))),
    ],
    ids=["docs", "folders", "decisions"],
)
def test_an_index_names_every_page(index: Path, pages: list[Path]):
    named = {(index.parent / link.partition("#")[0]).resolve() for link in links(index)}
    assert [str(page.relative_to(ROOT)) for page in pages if page.resolve() not in named | {index}] == []


def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """The command as a reader types it, in the project's folder."""
    return subprocess.run(
        ["./hotline", *words],
        cwd=ROOT,
        input=typed,
        capture_output=True,
        text=True,
        timeout=MANY,
        check=False,
        env={**os.environ, "COLUMNS": "110"},
    )


@pytest.fixture
def mysite(tmp_path: Path) -> Path:
    """The copy of the example that the README makes."""
    folder = tmp_path / "mysite"
    subprocess.run(["cp", "-r", str(ROOT / "examples/city_health"), str(folder)], check=True)
    return folder


@pytest.mark.live
def test_the_copied_example_has_no_mistake(mysite: Path):
    done = run("check", str(mysite / "site.yaml"))
    assert (done.returncode, done.stdout) == (0, "no errors, no warnings\n")


@pytest.mark.live
def test_the_three_slips_of_the_readme_are_found_in_its_words(mysite: Path):
    site = mysite / "site.yaml"
    text = site.read_text("utf-8")
    site.write_text(
        text.replace("priority: 10", "prioritty: 10").replace("needs: {donors: 1}", "needs: {donor: 1}")
    )
    done = run("check", str(site))
    assert done.returncode == 1
    shown = next(block for block in fenced(text_of("README.md")) if "prioritty" in block)
    assert done.stdout.replace(str(mysite), "mysite") == shown.split("\n", 1)[1]


@pytest.mark.live
def test_the_walk_of_the_readme_is_what_the_terminal_shows(mysite: Path):
    done = run("flow", "walk", str(mysite / "menus/main.yaml"), typed="8\n1\n")
    assert done.returncode == 0
    shown = next(block for block in fenced(text_of("README.md")) if "flow walk" in block)
    place = 0
    for line in shown.splitlines()[2:]:
        begin = line.split("…")[0].rstrip()
        assert begin in done.stdout[place:], f"{begin!r} is not where the README has it in:\n{done.stdout}"
        place = done.stdout.index(begin, place) + len(begin)


@pytest.mark.live
def test_the_picture_is_drawn(mysite: Path):
    done = run("flow", "draw", str(mysite / "menus/main.yaml"))
    assert done.returncode == 0
    assert (mysite / "menus/main.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.live
def test_the_closed_form_of_the_readme_gives_its_figures():
    shown = next(block for block in fenced(text_of("README.md")) if "hotline erlang" in block)
    command = shown.splitlines()[0].removeprefix("$ ")
    done = run(*shlex.split(command)[1:])
    assert done.returncode == 0
    figures = [
        line.strip() for line in shown.split("$ ./hotline simulate")[0].splitlines()[1:] if line != "…"
    ]
    assert figures
    assert all(line in done.stdout for line in figures)


@pytest.mark.live
@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("status",), "./hotline up"),
        (("top",), "./hotline up"),
        (("reload",), "./hotline up"),
        (("accounts",), "./hotline up"),
        (("call", "--last", "1"), "./hotline up"),
        (("erase", "1763832642.17"), "./hotline up"),
        (("speech", "drain"), "./hotline up"),
    ],
)
def test_without_a_hotline_a_command_fails_and_says_what_to_do(words: tuple[str, ...], advice: str):
    done = run(*words, "--name", "nobody-started-this-one")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("hotline: ")
    assert advice in done.stderr


@pytest.mark.live
def test_stopping_what_does_not_run_is_no_failure():
    done = run("down", "--name", "nobody-started-this-one")
    assert (done.returncode, done.stdout.strip()) == (0, "hotline: nobody-started-this-one was not running")
