"""The example's menu, as the demonstration's callers know it."""

from __future__ import annotations

from functools import cache

from ivr.demo.menu_book import MenuBook, menu_book
from ivr.instance import PROJECT
from ivr.site_loading import Loaded, load_all

EXAMPLE = PROJECT / "examples" / "city_health" / "site.yaml"


@cache
def loaded() -> Loaded:
    return load_all(EXAMPLE)


@cache
def book(language: str = "ru") -> MenuBook:
    return menu_book(loaded().flows, "main", language)
