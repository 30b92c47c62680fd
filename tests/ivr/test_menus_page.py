"""docs/menus.md: its examples are one complete menu, its test passes, its picture is of today."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import indent

from ivr.core.flow import NODE_TYPES
from ivr.core.flow_check import check_flows
from ivr.flow_draw import draw
from ivr.flow_file import load_flow, parse_flow

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/menus.md").read_text(encoding="utf-8")


def examples(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


def test_the_examples_together_are_a_menu_without_a_mistake():
    nodes = indent("\n".join(examples("yaml")), "  ")
    reading = parse_flow(f"start: greeting\nperson: to_general\nnodes:\n{nodes}", "menu")
    assert reading.flow is not None and reading.findings == []
    assert check_flows({"menu": reading.flow}, ["menu"], ["ru", "en"]) == []
    assert {type(node) for node in reading.flow.nodes.values()} == set(NODE_TYPES.values())


def test_every_kind_of_node_has_its_paragraph():
    assert re.findall(r"^\*\*(\w+)\*\*:", PAGE, flags=re.MULTILINE) == [
        "say", "branch", "menu", "collect", "language", "enqueue", "goto", "hangup",
    ]  # fmt: skip


def test_the_test_on_the_page_passes():
    (code,) = examples("python")
    names: dict[str, object] = {}
    exec(code.replace('Path("examples', f'Path("{ROOT}/examples'), names)  # noqa: S102  our own page
    (test,) = [made for name, made in names.items() if name.startswith("test_")]
    assert callable(test)
    test()


def test_the_picture_on_the_page_is_of_the_example_as_it_is():
    flow, findings = load_flow(ROOT / "examples/city_health/menus/main.yaml")
    assert flow is not None, findings
    picture = (ROOT / "docs/images/city_health_main.svg").read_text(encoding="utf-8")
    made_by = (
        "./hotline flow draw examples/city_health/menus/main.yaml --output docs/images/city_health_main.svg"
    )
    assert picture == draw(flow), f"draw it again: {made_by}"
