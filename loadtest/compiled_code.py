"""Where compiled code is kept, and when it is made: once, before any day needs it, whoever else is making it too.

Numba keeps compiled code beside the file of the function that was asked for, and does not notice a change in
another file whose functions that one has taken in. So the folder is named after the content of all of them: what is
found there was made of this very source. Nothing here imports numba before it is needed, which takes a second.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCES = (
    "calendar_queue", "compiled_code", "compiled_dispatcher", "compiled_kernel", "compiled_memory", "draws", "record",
)  # fmt: skip
_MADE = "made"


def _places() -> list[Path]:
    """Folders for compiled code, the best first: the project's, the user's, and one that is always there."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111 - "~" may stay as it is
    private = Path(tempfile.gettempdir()) / f"hotline-{os.getuid()}"
    return [HERE.parent / "var", Path(home) / "hotline", private]


@cache
def folder(*places: Path) -> Path:
    """The folder for what is compiled of this source, made if need be. places: where to try; ours if left out.

    Raises OSError when none of them can be written.
    """
    content = hashlib.sha256(version("numba").encode())
    for name in SOURCES:
        content.update((HERE / f"{name}.py").read_bytes())
    tried = places or tuple(_places())
    for place in tried:
        found = place / "compiled" / content.hexdigest()[:16]
        with suppress(OSError):
            found.mkdir(mode=0o700, parents=True, exist_ok=True)
            if found.stat().st_uid == os.getuid() and os.access(found, os.W_OK):
                return found
    raise OSError(f"compiled code cannot be kept in any of {', '.join(str(place) for place in tried)}")


def is_made() -> bool:
    """Whether the code is there, so that it is loaded in no time."""
    return (folder() / _MADE).exists()


def make() -> None:
    """Compile, unless that is done; another process that is at it is waited for. Takes 10 to 30 s."""
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        from loadtest.compiled_kernel import compile_all  # noqa: PLC0415 - not before the lock is held

        compile_all()
        (folder() / _MADE).touch()


def _numba() -> Any:
    numba: Any = import_module("numba")  # only who compiles has to wait for it
    numba.config.CACHE_DIR = str(folder())
    return numba


# Nothing in the compiled day allocates, and it is given nothing but its two arrays: counting who holds them
# (_nrt) is half of its time otherwise.
_PLAIN = {"error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}


def inner(function: Callable[..., Any]) -> Any:
    """For compiled functions to call; not to be called from Python."""
    return _numba().njit(no_cpython_wrapper=True, forceinline=True, **_PLAIN)(function)


def entry(function: Callable[..., Any]) -> Any:
    """To be called from Python too; kept in `folder`."""
    return _numba().njit(cache=True, **_PLAIN)(function)
