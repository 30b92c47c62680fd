"""`./hotline models`: which speech models there are; install one, remove one."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ivr.instance import PROJECT
from speech.recognition.model_install import NotInstalled, add_model, remove_model
from speech.recognition.models import INSTALLED, PROOFS, Listed, list_models


def run_models(
    json: bool = False,
    wanted: Mapping[str, str] | None = None,
    installed: Path = INSTALLED,
    proofs: Path = PROOFS,
) -> int:
    """Print every model. Returns 1 if one that is used cannot be, or is not there; else 0.

    json: one object with `ok` and `models` (name, language, bytes, made_for, path, shipped, trouble, used_for).
    wanted: language -> model, as a site file has it.
    """
    listed = list_models(wanted, installed, proofs)
    failed = any(one.used_for and one.trouble for one in listed)
    if json:
        shown = {"ok": not failed, "models": [_as_json(one) for one in listed]}
        sys.stdout.write(json_text.dumps(shown, ensure_ascii=False, indent=2) + "\n")
    else:
        _print(listed, Console(highlight=False, soft_wrap=True))
    return 1 if failed else 0


def run_add(source: str, language: str = "", installed: Path = INSTALLED, proofs: Path = PROOFS) -> int:
    """Install a model and say what is used now. Returns 0 when it is there."""
    try:
        model = add_model(source, language, installed, proofs)
    except NotInstalled as fault:
        return _refused(fault)
    listed = list_models(None, installed, proofs)
    used = next(one.used_for for one in listed if one.path == model.path)
    so = f"used for {used} from the next start" if used else "not used unless the site file names it"
    sys.stdout.write(f"hotline: {model.name} ({model.language}, {_size(model.bytes)}) is installed; {so}\n")
    return 0


def run_remove(name: str, installed: Path = INSTALLED, proofs: Path = PROOFS) -> int:
    """Delete an installed model. Returns 0 when it is gone."""
    try:
        remove_model(name, installed, proofs)
    except NotInstalled as fault:
        return _refused(fault)
    sys.stdout.write(f"hotline: {name} is removed\n")
    return 0


def _refused(fault: NotInstalled) -> int:
    sys.stderr.write(f"hotline: {fault}\n")
    return 1


def _print(listed: Sequence[Listed], console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    for column in ("model", "language", "size", "sound", "state", "used for", "where"):
        table.add_column(column, no_wrap=True)
    for one in listed:
        sound = f"{one.made_for / 1000:g} kHz" if one.made_for else ""
        state = "broken" if one.trouble else "usable"
        where = one.path.parent
        shown = where.relative_to(PROJECT) if where.is_relative_to(PROJECT) else where
        table.add_row(one.name, one.language, _size(one.bytes), sound, state, one.used_for, str(shown))
    console.print(table)
    for one in listed:
        if one.trouble:
            console.print(one.trouble, markup=False)
    if not any(one.used_for and not one.trouble for one in listed):
        console.print("no model can be used: callers go by keys")


def _size(count: int) -> str:
    return f"{count / 1e6:.0f} MB"


def _as_json(one: Listed) -> dict[str, object]:
    return {
        "name": one.name,
        "language": one.language,
        "bytes": one.bytes,
        "made_for": one.made_for,
        "path": str(one.path),
        "shipped": one.shipped,
        "trouble": one.trouble,
        "used_for": one.used_for,
    }
