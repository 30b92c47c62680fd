"""Keys that came before anything could use them, as from people who know the menu by heart."""

from __future__ import annotations

from datetime import datetime, timedelta

LIMIT = 40
"""Keys kept at most; the rest comes from a machine."""

END_KEY_GRACE = timedelta(seconds=3)
"""Many press # after the last digit although the length was enough: so long it belongs to the entry."""


class TypedAhead:
    """False when empty. Times are aware and on one clock."""

    def __init__(self) -> None:
        self._keys = ""
        self._late: tuple[str, datetime] | None = None

    def __bool__(self) -> bool:
        return bool(self._keys)

    def keep(self, key: str, at: datetime) -> None:
        """One more key, unless it is the one that `expect_late` still allows for."""
        late, self._late = self._late, None
        if late is not None and key == late[0] and at <= late[1]:
            return
        self._keys = (self._keys + key)[:LIMIT]

    def take(self) -> str:
        """The oldest key."""
        key, self._keys = self._keys[0], self._keys[1:]
        return key

    def forget(self) -> None:
        """What was typed was not meant for what follows."""
        self._keys = ""

    def expect_late(self, key: str, at: datetime) -> None:
        """An entry was complete without its end key: if that comes next, it means nothing."""
        if self._keys:
            self._keys = self._keys.removeprefix(key)
        else:
            self._late = (key, at + END_KEY_GRACE)
