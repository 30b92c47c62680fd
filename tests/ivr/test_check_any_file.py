"""Whatever stands in the files, the checker answers: with findings, or with a site that works."""

from __future__ import annotations

import copy
import random
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ivr.config import hours, policy
from ivr.finding import has_errors
from ivr.site_check import read_hotline
from ivr.yaml_source import parse_yaml
from tests.ivr.small_site import MENU, SITE

TODAY = date(2026, 11, 22)
EXAMPLE = Path(__file__).parents[2] / "examples/city_health"
TEXTS = {
    "small": (SITE, MENU),
    "example": ((EXAMPLE / "site.yaml").read_text("utf-8"), (EXAMPLE / "menus/main.yaml").read_text("utf-8")),
}
ODD = [
    None, True, False, 0, -1, 10**18, 1.5, float("nan"), "", " ", "none", "main.topic", "*", "*1", "1000", "first",
    "medical", "topic", "жук", "\x85", "a.b", "24:00-24:00", "2026-02-29", "0.0.0.0/0", "::/0", [], {}, [[]], {"": {}},
    [None], {"a": None}, "x" * 500, "menus", "..", "/", "menus/main.yaml\x00", "../site.yaml", "ru", ["ru", "ru"],
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything in a value, itself left out."""
    found = [path] if path else []
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in steps:
        found += places(child, (*path, step))
    return found


def mutated(value: Any, chance: random.Random) -> Any:
    """The value with one place changed: replaced, removed, renamed, repeated, or swapped with another."""
    value = copy.deepcopy(value)
    every = places(value)
    if not every:
        return chance.choice(ODD)
    *above, last = chance.choice(every)
    parent = value
    for step in above:
        parent = parent[step]
    match chance.randrange(5):
        case 0:
            parent[last] = chance.choice(ODD)
        case 1:
            del parent[last]
        case 2 if isinstance(parent, dict):
            parent[chance.choice([str(last)[:-1], str(last) + "x", "", "1"])] = parent.pop(last)
        case 3 if isinstance(parent, list):
            parent.append(copy.deepcopy(parent[last]))
        case _:
            other: Any = value
            for step in chance.choice(every):
                other = other[step]
            parent[last] = copy.deepcopy(other)
    return value


def answers(site: Path) -> None:
    """The checker raises nothing, and what it lets pass can be used."""
    made, flows, findings = read_hotline(site)
    assert (made is None) == has_errors(findings)
    assert all(one.sentence and one.line >= 0 and "Input should" not in one.sentence for one in findings)
    if made is not None:
        policy(made, made.version)
        for entry in made.hours.values():
            hours(entry, TODAY)
        assert set(flows) == set(made.menus().values())


@settings(max_examples=100, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    which=st.sampled_from(sorted(TEXTS)),
    times=st.integers(1, 4),
    menu=st.booleans(),
)
def test_values_changed_at_random_never_break_the_checker(
    tmp_path_factory: Any, seed: int, which: str, times: int, menu: bool
) -> None:
    chance = random.Random(seed)
    texts = dict(zip(("site.yaml", "menus/main.yaml"), TEXTS[which], strict=True))
    name = "menus/main.yaml" if menu else "site.yaml"
    value = YAML(typ="safe").load(texts[name])
    for _ in range(times):
        value = mutated(value, chance)
    folder = tmp_path_factory.mktemp("mutated")
    (folder / "menus").mkdir()
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    with (folder / name).open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(value, file)
    answers(folder / "site.yaml")


@settings(max_examples=100, deadline=None)
@given(at=st.integers(0, 5000), length=st.integers(0, 40), put=st.text(max_size=10), menu=st.booleans())
def test_text_cut_out_and_put_in_at_random_never_breaks_the_checker(
    tmp_path_factory: Any, at: int, length: int, put: str, menu: bool
) -> None:
    texts = {"site.yaml": SITE, "menus/main.yaml": MENU}
    name = "menus/main.yaml" if menu else "site.yaml"
    text = texts[name]
    at %= len(text)
    texts[name] = text[:at] + put + text[at + length :]
    folder = tmp_path_factory.mktemp("cut")
    (folder / "menus").mkdir()
    for file, content in texts.items():
        (folder / file).write_bytes(content.encode("utf-8", "surrogatepass"))
    answers(folder / "site.yaml")


@given(st.text())
def test_any_text_is_a_tree_or_findings(text: str) -> None:
    source, findings = parse_yaml(text, "x")
    assert source is not None or findings
