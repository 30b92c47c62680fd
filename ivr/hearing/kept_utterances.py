"""What callers said, kept as sound where the site file asks for it: a folder for each call, so that it can be erased.

It is personal data of the plainest kind. Nothing is kept unless `speech.keep_utterances` names a folder.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

_CALL = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")


def folder_of(kept: str, call: str) -> str:
    """Where one call's utterances are kept; "" when none are. Raises ValueError for what is no call's id."""
    if not _CALL.fullmatch(call):
        raise ValueError("a call's id has other characters than Asterisk gives it")
    return f"{kept}/{call}" if kept else ""


def forget(kept: Path, call: str) -> int:
    """Erase what was kept of this call. Returns how many recordings that were. Raises OSError, ValueError."""
    folder = Path(folder_of(str(kept), call))
    if not folder.is_dir():
        return 0
    count = sum(1 for _ in folder.glob("*.wav"))
    shutil.rmtree(folder)
    return count
