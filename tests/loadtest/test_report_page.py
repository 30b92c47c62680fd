"""The page of a report: everything is in it, nothing comes from elsewhere, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from html import escape
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from loadtest.figures import CONVENTION, Days, report
from loadtest.pictures import Curve, just_below, line_picture, lines_drawn, style
from loadtest.replications import simulate
from loadtest.report_page import number, report_page, shown, target_text
from loadtest.report_words import CONVENTION_RU, WORDS, Language
from loadtest.scenario import Scenario
from loadtest.sweep_page import sweep_page
from tests.loadtest.small_scenarios import everything, exponential, one_pool

LANGUAGES: list[Language] = ["en", "ru"]


def small(scenario: Scenario) -> Scenario:
    few = scenario.replications.model_copy(update={"min": 2, "max": 2})
    return scenario.model_copy(update={"replications": few})


@cache
def days() -> Days:
    named = everything().model_copy(update={"name": "A <b> & co"})
    return simulate(small(named))


@cache
def written(language: Language) -> str:
    return report_page(days(), report(days()), language)


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags = Counter[str]()
        self.attributes: list[tuple[str, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, "tags are closed in order"


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    assert reader.open == []
    return reader


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_and_table_is_there_and_well_formed(language: Language):
    words, page = WORDS[language], written(language)
    reader = read(page)
    assert reader.tags["svg"] == 6
    for key in (
        "service level",
        "wait",
        "staff",
        "queue",
        "law",
        "figures",
        "by topic",
        "by line",
        "conventions",
    ):
        assert f"<h2>{words[key]}</h2>" in page
    for picture in re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL):
        assert len(ET.fromstring(picture).findall(".//{*}path")) > 10  # noqa: S314 - our own text


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_loaded_from_elsewhere(language: Language):
    reader = read(written(language))
    assert not {"script", "link", "img", "iframe"} & reader.tags.keys()
    leads = [value for name, value in reader.attributes if name in ("src", "href", "xlink:href", "style")]
    assert all(value.startswith("#") or "url(" not in value for value in leads)
    assert not any("//" in value for value in leads)
    assert "url(http" not in written(language)


def test_names_on_the_page_are_unique_and_references_lead_to_them():
    reader = read(written("en"))
    ids = Counter(value for name, value in reader.attributes if name == "id")
    assert [name for name, times in ids.items() if times > 1] == []
    leads = {value[1:] for name, value in reader.attributes if name == "xlink:href"}
    leads |= set(re.findall(r"url\(#([^)]+)\)", written("en")))
    assert leads
    assert leads <= ids.keys()


def test_a_name_with_markup_in_it_is_text():
    assert "<h1>Simulation: A &lt;b&gt; &amp; co</h1>" in written("en")


def test_the_page_is_the_same_when_it_is_written_again():
    assert report_page(days(), report(days()), "en") == written("en")


def test_both_languages_have_the_same_words():
    assert WORDS["en"].keys() == WORDS["ru"].keys()
    for key, text in WORDS["en"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", WORDS["ru"][key])), key
    assert CONVENTION_RU.keys() == CONVENTION.keys()


def test_a_russian_page_has_no_english_sentences():
    text = re.sub(r"<svg.*?</svg>|<style>.*?</style>|<[^>]+>", " ", written("ru"), flags=re.DOTALL)
    latin = set(re.findall(r"[A-Za-z]{3,}", text)) - {"medical", "general", "first", "second", "amp"}
    assert latin == set()


def test_numbers_are_written_as_the_language_does():
    assert number(12345.6, WORDS["en"]) == "12,346"
    assert number(12345.6, WORDS["ru"]) == "12\u00a0346"
    assert number(3.14, WORDS["ru"]) == "3,1"
    assert shown(None, WORDS["en"]) == "–"
    assert shown({"mean": 0.5, "ci95": [0.4, 0.6]}, WORDS["en"], percent=True).startswith("50.0\u00a0% ")


@pytest.mark.parametrize(
    ("of", "said"),
    [
        ("offered", "80 % within 20 s of offered"),
        ("answered", "80 % within 20 s of answered"),
        ("offered_less_short_abandons(5)", "80 % within 20 s of offered, abandons within 5 s left out"),
    ],
)
def test_a_target_says_its_convention(of: str, said: str):
    assert target_text({"answered_within_s": 20.0, "share": 0.8, "of": of}, WORDS["en"]) == said


def test_without_a_target_the_page_says_so_and_without_calls_it_is_written_all_the_same():
    scenario = one_pool(0.001, 60, 2, 2, topic={"target": None}, horizon_h=1)
    nobody = simulate(scenario)
    page = report_page(nobody, report(nobody), "en")
    assert WORDS["en"]["no target"] in page
    assert read(page).tags["svg"] == 5, "nobody waited, so there is no law of waits"


def test_one_pool_is_drawn_beside_its_law():
    one = simulate(one_pool(60, 60, 2, 2, topic={"patience_s": exponential(60)}, horizon_h=1))
    assert escape(WORDS["en"]["law A"]) in report_page(one, report(one), "en")
    assert WORDS["en"]["law none"] in written("en")


def test_a_sweep_has_its_pictures_and_a_row_for_each_value():
    points = [{"value": load, "report": report(days())} for load in (0.9, 1.0)]
    told = {"scenario": "S", "seed": 1, "key": "load<", "points": points}
    for language in LANGUAGES:
        page = sweep_page(told, language)
        reader = read(page)
        assert reader.tags["svg"] == 2, "the whole, and the wait; one target needs no picture of targets"
        assert reader.tags["tr"] == 3
        assert "load&lt;" in page


@pytest.mark.parametrize(("topics", "bands"), [(3, 3), (4, 0)])
def test_a_sweep_shows_the_bands_of_a_few_targets_only(topics: int, bands: int):
    one = small(one_pool(60, 60, 4, 2, topic={"patience_s": exponential(60)}, horizon_h=1))
    names = [one.topics[0].model_copy(update={"name": f"topic {n}"}) for n in range(topics)]
    told = report(simulate(one.model_copy(update={"topics": names})))
    points = [{"value": value, "report": told} for value in (1, 2)]
    page = sweep_page({"scenario": "S", "seed": 1, "key": "load", "points": points}, "en")
    picture = next(svg for svg in re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL) if "targets-" in svg)
    assert picture.count("FillBetweenPolyCollection") == bands


def test_an_axis_of_shares_begins_at_a_round_one_below():
    assert just_below(np.array([0.97, 0.93, np.nan])) == pytest.approx(0.8)
    assert just_below(np.array([0.01])) == 0.0


NAMES = [
    ["one"],
    ["answered in time / offered", "abandoned / offered", "target 80 %"],
    [f"{n} {'a very long name of a topic, as departments have ' * 2}" for n in range(9)],
    ["_hidden", "$x$ of $y$", "W" * 60, "psychological", "employment"],
]


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("hours", [0.5, 1, 7, 24, 48, 200, 744])
def test_nothing_written_in_a_picture_lies_over_anything(names: list[str], hours: float):
    x = np.arange(0.25, max(hours, 0.5), 0.5)
    with style():
        curves = [Curve(name, x, np.full(len(x), 0.9)) for name in names]
        figure = lines_drawn(curves, "hours", "share of everything", True, True, [("level", 0.8)])
        figure.draw_without_rendering()
        (axes,) = figure.axes
        legend = axes.get_legend()
        assert legend is not None
        ticks = [*axes.get_xticklabels(), *axes.get_yticklabels()]
        (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
        seen = [
            text
            for text in ticks
            if left <= text.get_position()[0] <= right and low <= text.get_position()[1] <= high
        ]
        boxes = [one.get_window_extent() for one in (*seen, axes.xaxis.label, axes.yaxis.label)]
        boxes += [text.get_window_extent() for text in legend.get_texts()]
        assert len(legend.get_texts()) == len(names) + 1
        page = figure.bbox
        for number, one in enumerate(boxes):
            assert page.x0 <= one.x0
            assert one.x1 <= page.x1
            assert one.y1 <= page.y1
            assert not any(one.overlaps(other) for other in boxes[:number])
        inside = axes.get_window_extent()
        assert inside.height > 0.55 * 2.7 * figure.dpi, "the axes keep their height"
        assert not any(text.get_window_extent().overlaps(inside) for text in legend.get_texts())


def test_the_ids_of_two_pictures_are_apart():
    curve = Curve("one", np.arange(3.0), np.arange(3.0))
    first, second = (line_picture(name, [curve], x="x", y="y") for name in ("a", "b"))
    assert not set(re.findall(r'id="([^"]+)"', first)) & set(re.findall(r'id="([^"]+)"', second))
