"""The page, the code and the tests know the same troubles."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from string import Formatter

import pytest

from ivr.doctor import examine, judge
from ivr.doctor.catalogue import PAGE, TROUBLES, shown, with_table
from ivr.doctor.finding import AREAS, Trouble


def test_the_page_lists_every_finding_with_its_cure():
    page = PAGE.read_text(encoding="utf-8")
    assert with_table(page) == page, "make it anew: python -m ivr.doctor.catalogue"


def test_no_trouble_is_left_out_of_the_catalogue():
    modules = [import_module(f"{judge.__name__}.{one.name}") for one in iter_modules(judge.__path__)]
    defined = {id(v): v for m in (*modules, examine) for v in vars(m).values() if isinstance(v, Trouble)}
    assert {one.code for one in defined.values()} == {one.code for one in TROUBLES}


def test_each_code_stands_for_one_thing():
    assert [code for code, times in Counter(one.code for one in TROUBLES).items() if times > 1] == []


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.code)
def test_each_trouble_has_a_cure_a_reason_and_a_test(trouble: Trouble):
    assert trouble.area in AREAS
    assert trouble.sentence
    assert trouble.cure
    assert trouble.because
    tests = "".join(file.read_text() for file in Path(__file__).parent.glob("test_*.py"))
    assert f'"{trouble.code}"' in tests


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.code)
def test_a_trouble_with_an_unfilled_place_is_a_fault_of_ours(trouble: Trouble):
    places = [name for _, name, _, _ in Formatter().parse(trouble.sentence + trouble.cure) if name]
    if places:
        with pytest.raises(KeyError):
            trouble()


def test_places_are_shown_in_capitals():
    assert shown("UDP {port} is taken, {seconds:.1f} s") == "UDP PORT is taken, SECONDS s"
