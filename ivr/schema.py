"""Editor schemas and the reference page, made from the models of the site and the menu file.

`python -m ivr.schema` writes them; a test fails when the committed ones are not what the models say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ivr.menu_words import MenuFile
from ivr.site import Site

BEGIN = "<!-- made by python -m ivr.schema: begin -->"
END = "<!-- end -->"
_SHAPES = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}

Schema = dict[str, Any]


def schemas() -> dict[str, str]:
    """File name -> its JSON Schema as text."""
    return {
        "site.schema.json": _text(Site, "A hotline's site file"),
        "menu.schema.json": _text(MenuFile, "A menu of a hotline"),
    }


def _text(model: type[BaseModel], title: str) -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **model.model_json_schema(by_alias=True),
    }
    return json.dumps(schema | {"title": title}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def reference(model: type[BaseModel]) -> str:
    """A Markdown table of every key that a file may have."""
    schema = model.model_json_schema(by_alias=True)
    rows = [
        f"| `{key}` | {kind} | {default} | {text} |" for key, kind, default, text in _rows(schema, schema, "")
    ]
    return "\n".join(["| key | value | if left out | meaning |", "| --- | --- | --- | --- |", *rows])


def _rows(schema: Schema, root: Schema, prefix: str) -> Iterator[tuple[str, str, str, str]]:
    required = schema.get("required", [])
    for key, described in schema.get("properties", {}).items():
        shape, inner, suffix = _shape(described, root)
        default = "must be there" if key in required else _default(described.get("default"))
        yield f"{prefix}{key}", shape, default, described.get("description", "").replace("|", "\\|")
        if inner is not None:
            yield from _rows(inner, root, f"{prefix}{key}{suffix}.")


def _shape(described: Schema, root: Schema) -> tuple[str, Schema | None, str]:
    """(words for the type, the schema of what is inside, what stands between the keys)"""
    described = _plain(described, root)
    if "properties" in described:
        return "mapping", described, ""
    match described.get("type"):
        case "array":
            words, inner, _ = _shape(described["items"], root)
            return ("list of mappings", inner, "[]") if inner else (f"list of {words}", None, "")
        case "object":
            words, inner, _ = _shape(described.get("additionalProperties", {}), root)
            return ("mapping by name", inner, ".*") if inner else (f"name: {words}", None, "")
        case str(kind):
            return _SHAPES.get(kind, kind), None, ""
        case _:
            return " or ".join(dict.fromkeys(_kinds(described, root))), None, ""


def _kinds(described: Schema, root: Schema) -> Iterator[str]:
    for one in described.get("anyOf", []):
        if "anyOf" in one:
            yield from _kinds(one, root)
        elif one.get("type") != "null":
            yield _shape(one, root)[0]


def _plain(described: Schema, root: Schema) -> Schema:
    """Without references, and without the null of what may be left out."""
    if "$ref" in described:
        return root["$defs"][described["$ref"].rpartition("/")[2]]
    choices = [one for one in described.get("anyOf", []) if one.get("type") != "null"]
    return _plain(choices[0], root) if len(choices) == 1 else described


def _default(value: object) -> str:
    if value is None:
        return "none"
    return "see below" if isinstance(value, dict) and value else f"`{json.dumps(value)}`"


def with_reference(page: str) -> str:
    """The page with its table made anew between the two marks. Raises ValueError if it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no marks for the table")
    return f"{before}{BEGIN}\n{reference(Site)}\n{END}{after}"


def write(docs: Path) -> None:
    """Write the schemas and the table into the documentation's folder."""
    folder = docs / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")
    page = docs / "site-file.md"
    page.write_text(with_reference(page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    write(Path(__file__).parent.parent / "docs")
