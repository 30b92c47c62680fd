"""Where a simulation's report goes: JSON for programs, a page for people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rich.console import Console

PAGE = "index.html"


def write_json(path: Path, told: Any, console: Console) -> bool:
    """False, and said why, when the file cannot be written."""
    return _write(path, json.dumps(told, ensure_ascii=False, indent=2) + "\n", console)


def write_page(folder: Path, page: str, console: Console) -> bool:
    """The page as PAGE in this folder, which is made if need be. False, and said why, when it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        console.print(f"{folder} cannot be made ({why.strerror}); name another folder", markup=False)
        return False
    return _write(folder / PAGE, page, console)


def _write(path: Path, text: str, console: Console) -> bool:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as why:
        console.print(f"{path} cannot be written ({why.strerror}); name another file", markup=False)
        return False
    return True
