"""A model's errors as sentences for the person who wrote the file."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from ivr.core.suggestion import did_you_mean
from ivr.finding import Finding
from ivr.yaml_source import Source, Steps

_SECRETS = ("secret", "password", "passwd", "pass", "pwd", "token")
_KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
}
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def errors_at(
    source: Source,
    model: type[BaseModel],
    prefix: Steps = (),
    *,
    value: object = None,
    context: Mapping[str, Any] | None = None,
) -> list[tuple[Steps, Finding]]:
    """What the model says about the source's value at `prefix`: (path of the wrong value, finding) each.

    value: looked at instead, when the source's was completed from elsewhere. context: what the model's
    validators ask for besides.
    """
    looked_at = source.plain_at(prefix) if value is None else value
    try:
        model.model_validate(looked_at, context=None if context is None else dict(context))
    except ValidationError as failure:
        return list(_each(source, model, prefix, failure))
    return []


def _each(
    source: Source, model: type[BaseModel], prefix: Steps, failure: ValidationError
) -> Iterator[tuple[Steps, Finding]]:
    for error in failure.errors(include_url=False):
        within = tuple(step for step in error["loc"] if step != "[key]")
        is_key = "[key]" in error["loc"] or error["type"] == "extra_forbidden"
        code, sentence = _sentence(error, within, model)
        path = prefix + within
        yield path, source.finding(path, code, sentence, key=is_key)


def _sentence(error: Any, within: Steps, model: type[BaseModel]) -> tuple[str, str]:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    name = next((step for step in reversed(within) if isinstance(step, str)), "the file")
    if "sentence" in context:
        return kind, f"{name}: {context['sentence']}" if name != value else str(context["sentence"])
    if kind == "extra_forbidden":
        return _unknown(name, model, within)
    return _about_value(kind, name, value, context) or (
        "wrong-value",
        f"{name} cannot be {shown(value, name)}: {error['msg'][:1].lower()}{error['msg'][1:]}",
    )


def _about_value(kind: str, name: str, value: object, context: Mapping[str, Any]) -> tuple[str, str] | None:
    if kind == "missing":
        return "missing-key", f"'{name}' is missing here; add it"
    if kind in _KINDS:
        return "wrong-type", f"{name} must be {_KINDS[kind]}, not {shown(value, name)}{_hint(kind, value)}"
    if kind in _LIMITS:
        key, words = _LIMITS[kind]
        return "out-of-range", f"{name} must be {words} {context[key]:g}, not {shown(value, name)}"
    if kind == "too_short":
        return "empty", f"{name} is empty; give at least one"
    if kind == "literal_error":
        return "wrong-word", f"{name} must be {context['expected']}, not {shown(value, name)}"
    return None


def _unknown(name: str, model: type[BaseModel], within: Steps) -> tuple[str, str]:
    known = keys_of(model, within[:-1])
    if name.casefold() in _SECRETS:
        way_out = "delete it; the hotline makes its phones' secrets itself"
        if "secret_file" in known:
            way_out = (
                "put it into a file only its owner can read and name that as secret_file, or use secret_env"
            )
        return "secret-inline", f"'{name}': a secret does not belong into this file; {way_out}"
    return "unknown-key", f"'{name}' is not a key here; {did_you_mean(name, known)}"


def _hint(kind: str, value: object) -> str:
    if kind == "string_type" and isinstance(value, int | float):
        return "; put it in quotes"
    if kind in {"int_type", "float_type"} and isinstance(value, str) and value.strip().lstrip("-").isdigit():
        return "; write it without quotes"
    if kind == "bool_type" and isinstance(value, str) and value.lower() in {"yes", "no", "on", "off"}:
        return "; YAML's words are true and false"
    return ""


def shown(value: object, name: str = "") -> str:  # noqa: PLR0911 - a case for each type
    """A value as a sentence shows it: short, and never a secret."""
    if any(word in name.casefold() for word in _SECRETS):
        return "what is there"
    match value:
        case None:
            return "nothing"
        case bool():
            return str(value).lower()
        case str():
            return f"'{value[:40]}…'" if len(value) > 40 else f"'{value}'"
        case Mapping():
            return "a mapping"
        case Sequence():
            return "a list"
        case _:
            return str(value)[:40]


def keys_of(model: type[BaseModel], within: Steps) -> list[str]:
    """The keys that the mapping at this path may have, [] where any may stand."""
    here: Any = model
    for step in within:
        here = _step(here, step)
    here = _bare(here)
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return []
    return [field.alias or name for name, field in here.model_fields.items()]


def _step(annotation: Any, step: str | int) -> Any:
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = {field.alias or name: field for name, field in annotation.model_fields.items()}
        return fields[step].annotation if step in fields else None
    if get_origin(annotation) in {dict, list}:
        return get_args(annotation)[-1]
    return None


def _bare(annotation: Any) -> Any:
    """Without Annotated and `| None`."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in {Union, types.UnionType}:
        return _bare(next(part for part in get_args(annotation) if part is not type(None)))
    return annotation
