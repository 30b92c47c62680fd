"""Bytes from Asterisk's manager to messages. No I/O: it may be fed one byte at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

AmiEvent = Mapping[str, str]
"""An event as it was on the wire, its name under "Event"; repeated headers joined by a line feed."""

BANNER = b"Asterisk Call Manager/"
END = b"\r\n\r\n"
LONGEST_MESSAGE = 4 * 1024 * 1024
_FIRST_COUNTS = frozenset({"Event", "Response", "ActionID"})


class NotAManager(Exception):
    """The peer speaks something else, or never ends a message."""


class MessageReader:
    """Splits the stream at the empty line, in bytes, and decodes whole messages only.

    A Cyrillic letter cut in two by a TCP read therefore comes out whole.
    greeted: the manager's banner has been read. longest: bytes one message may have.
    """

    def __init__(self, longest: int = LONGEST_MESSAGE) -> None:
        self.greeted = False
        self._longest = longest
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[dict[str, str]]:
        """The messages that `data` completes, in order. Raises NotAManager when there can be no more."""
        rest = self._rest
        seen = max(0, len(rest) - len(END) + 1)
        rest += data
        if not self.greeted:
            if not self._take_banner():
                return
            seen = 0
        end = rest.rfind(END, seen)
        if end < 0:
            if len(rest) > self._longest:
                raise NotAManager(f"a message of more than {self._longest} bytes")
            return
        blocks = bytes(rest[:end]).split(END)
        del rest[: end + len(END)]
        for block in blocks:
            if message := parse(block):
                yield message

    def _take_banner(self) -> bool:
        line, found, _ = self._rest.partition(b"\r\n")
        if not BANNER.startswith(line[: len(BANNER)]):
            raise NotAManager("the peer does not greet as an Asterisk manager")
        if not found:
            if len(line) > 200:
                raise NotAManager("the peer's greeting does not end")
            return False
        if len(line) < len(BANNER):
            raise NotAManager("the peer does not greet as an Asterisk manager")
        del self._rest[: len(line) + 2]
        self.greeted = True
        return True


def parse(block: bytes) -> dict[str, str]:
    """One message's headers, in wire order; repeated ones joined by a line feed.

    Of `Event`, `Response` and `ActionID` the first counts: Asterisk writes its own first, and a dialplan's
    UserEvent can add any header after it.
    """
    headers: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            continue
        if value[:1] == " ":
            value = value[1:]
        if name not in headers:
            headers[name] = value
        elif name not in _FIRST_COUNTS:
            headers[name] += "\n" + value
    return headers
