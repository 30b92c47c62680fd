from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.core.flow import (
    BranchNode,
    CollectNode,
    Digits,
    EnqueueNode,
    Flow,
    GotoNode,
    HangupNode,
    Ladder,
    LanguageNode,
    SayNode,
)
from ivr.flow_draw import draw, draw_file, run_draw
from ivr.flow_file import load_flow
from tests.ivr.core.menus import HELPLINE, flow

EXAMPLE = Path(__file__).parents[3] / "examples/city_health/menus/main.yaml"
SVG = "{http://www.w3.org/2000/svg}"
OUT = Ladder(then="end")


def words(picture: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(picture).iter(f"{SVG}text")]  # noqa: S314  our own


def lines(picture: str) -> int:
    return picture.count("marker-end")


def test_the_example_is_drawn_with_its_names_texts_and_keys_in_russian():
    example, findings = load_flow(EXAMPLE)
    assert example is not None, findings
    shown = words(draw(example))
    assert {"topic", "donor_card", "to_general", "1", "6", "0", "*", "молчание", "не то", "мест нет"} <= set(
        shown
    )
    assert "Соединяем со специалистом." in shown and "тема: medical" in shown


def test_every_way_is_a_line_except_those_back():
    ways = {
        "greeting": 1,
        "hours": 2,
        "topic": 7,
        "card": 3,
        "to_general": 2,
        "all_busy": 1,
        "closed": 1,
        "goodbye": 1,
    }
    picture = draw(HELPLINE)  # "again" and, by way of another language, "english" lead back to the topic
    assert lines(picture) == sum(ways.values())
    assert sum(text.startswith("↩ topic") for text in words(picture)) == 2


def test_the_language_is_chosen_for_the_author_s_words_and_for_ours():
    shown = words(draw(HELPLINE, "en"))
    assert "Connecting." in shown and "silence" in shown and "молчание" not in shown


def test_a_language_we_have_no_words_for_gets_english_ones():
    german = flow({"hallo": SayNode({"de": "Guten Tag"}, next="end"), "end": HangupNode()})
    assert {"Guten Tag", "say"} <= set(words(draw(german)))


def test_a_menu_without_any_text_is_drawn_in_english():
    assert words(draw(flow({"end": HangupNode()}))) == ["main", "end", "end"]


def test_every_kind_of_node_tells_what_it_does():
    everything = flow(
        {
            "speak": LanguageNode("en", next="where"),
            "where": BranchNode(
                on="data", key="region", cases={"77": "code", "": "away"}, otherwise="circle"
            ),
            "code": CollectNode(
                {"en": "Code?"}, "code", "queue", OUT, OUT, digits=Digits(2, 2, None), personal=False
            ),
            "long": CollectNode({"en": "Card?"}, "card", "queue", OUT, OUT, digits=Digits(0, 6, "#")),
            "age": CollectNode({"en": "Age?"}, "age", "queue", OUT, OUT, what="number"),
            "sure": CollectNode({"en": "Sure?"}, "sure", "age", OUT, OUT, what="yes_no", personal=False),
            "queue": EnqueueNode("general", line="second", when_full="long", next="speak"),
            "away": GotoNode("other.start"),
            "circle": GotoNode("speak"),
            "end": HangupNode(),
        }
    )
    shown = words(draw(everything))
    for told in (
        "by data: region",
        "empty",
        "otherwise",
        "digits: 2",
        "digits: 0–6, ended by #, personal",
        "number, ended by #, personal",
        "yes or no",
        "topic: general, line: second",
        "full",
        "after the talk",
        "→ other.start",
        "↩ speak",
    ):
        assert told in shown, told


def test_a_node_nobody_gets_to_is_drawn_and_said_to_be_so():
    lonely = flow({"end": HangupNode(), "lonely": SayNode({"en": "Nobody hears me."}, next="end")})
    assert "nobody gets here" in words(draw(lonely)) and "stroke-dasharray" in draw(lonely)


def test_a_way_that_leads_nowhere_is_named_and_has_no_line():
    broken = flow({"hello": SayNode({"en": "Hello."}, next="gone")})
    assert "↩ gone" in words(draw(broken)) and lines(draw(broken)) == 0


def test_a_menu_whose_start_is_missing_is_drawn_all_the_same():
    lost = Flow("main", "1", "nowhere", {"end": HangupNode()})
    assert "nobody gets here" in words(draw(lost))


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "a & b", "quote \" and '", "\x00\x0b odd", "]]>"]
)
def test_whatever_the_author_writes_the_picture_stays_a_picture(text: str):
    picture = draw(flow({"a": SayNode({"ru": text}, next="b<&>"), "b<&>": HangupNode()}, name="x<y"))
    root = ElementTree.fromstring(picture)  # noqa: S314  our own
    assert root.tag == f"{SVG}svg" and not list(root.iter(f"{SVG}script"))


def test_no_text_is_wider_than_its_card():
    wide = "Щ" * 300
    shown = words(draw(flow({wide: SayNode({"ru": wide}, next=wide[:-1]), wide[:-1]: GotoNode(f"{wide}.a")})))
    assert max(len(text) for text in shown if text != "main") <= 30


def test_the_picture_is_written_beside_the_file_or_where_it_is_wanted(tmp_path: Path):
    menu = tmp_path / "menu.yaml"
    menu.write_text("start: a\nnodes: {a: {say: {ru: Пока.}, next: b}, b: {hangup: {}}}\n", encoding="utf-8")
    assert draw_file(menu) == (tmp_path / "menu.svg", [])
    assert draw_file(menu, tmp_path / "other.svg")[0] == tmp_path / "other.svg"
    assert re.search("Пока", (tmp_path / "menu.svg").read_text(encoding="utf-8"))


def test_a_menu_that_cannot_be_read_is_not_drawn_and_its_errors_are_told(tmp_path: Path):
    menu = tmp_path / "menu.yaml"
    menu.write_text("start: a\nnodes: {a: {say: 5, next: b}}\n")
    made, findings = draw_file(menu)
    assert made is None and findings and not (tmp_path / "menu.svg").exists()


def test_the_command_tells_where_the_picture_is_or_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert run_draw(EXAMPLE, tmp_path / "main.svg") == 0
    assert f"{tmp_path / 'main.svg'} shows the menu" in capsys.readouterr().out
    (tmp_path / "bad.yaml").write_text("start: a\nnodes: {a: {say: 5, next: b}}\n")
    assert run_draw(tmp_path / "bad.yaml") == 1
    assert "bad.yaml:2: error" in capsys.readouterr().out
