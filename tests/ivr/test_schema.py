"""The schemas and the reference page say what the models say, and the examples fit them."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ivr.schema import reference, schemas, with_reference
from ivr.site import Site
from ivr.yaml_source import load_yaml, parse_yaml
from tests.ivr.small_site import MENU, SITE

ROOT = Path(__file__).parents[2]
AGAIN = "run python -m ivr.schema"


@pytest.mark.parametrize("name", ["site.schema.json", "menu.schema.json"])
def test_the_committed_schema_is_what_the_models_say(name: str) -> None:
    assert (ROOT / "docs/schema" / name).read_text("utf-8") == schemas()[name], AGAIN


def test_the_table_in_the_reference_is_what_the_models_say() -> None:
    page = (ROOT / "docs/site-file.md").read_text("utf-8")
    assert with_reference(page) == page, AGAIN


def validator(name: str) -> Draft202012Validator:
    schema = json.loads(schemas()[name])
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize(("name", "text"), [("site.schema.json", SITE), ("menu.schema.json", MENU)])
def test_a_file_without_a_mistake_fits_its_schema_and_an_unknown_key_does_not(name: str, text: str) -> None:
    good, _ = parse_yaml(text, "x")
    bad, _ = parse_yaml(text + "unknown: 1\n", "x")
    assert good is not None
    assert bad is not None
    assert list(validator(name).iter_errors(good.plain())) == []
    assert list(validator(name).iter_errors(bad.plain())) != []


def test_every_example_fits_its_schema_and_names_it() -> None:
    files = sorted((ROOT / "examples").glob("*/site.yaml")) + sorted(
        (ROOT / "examples").glob("*/menus/*.yaml")
    )
    assert files
    for file in files:
        name = "site.schema.json" if file.name == "site.yaml" else "menu.schema.json"
        source, _ = load_yaml(file)
        assert source is not None
        assert list(validator(name).iter_errors(source.plain())) == []
        mark, _, place = source.text.splitlines()[0].partition("$schema=")
        assert mark == "# yaml-language-server: "
        assert (file.parent / place).resolve() == ROOT / "docs/schema" / name


def test_every_key_of_the_site_file_has_its_meaning_in_the_table() -> None:
    rows = reference(Site).splitlines()[2:]
    assert len(rows) > 50
    assert [row for row in rows if row.endswith("|  |")] == []
