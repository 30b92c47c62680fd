"""Commands and events as JSON lines. No input or output here: bytes in, values out."""

from __future__ import annotations

import msgspec

from softphone_sim.person import PhoneEvent
from softphone_sim.phone import Command

_commands = msgspec.json.Decoder(Command)
_events = msgspec.json.Decoder(PhoneEvent)

WireError = msgspec.DecodeError
"""A line that is no command or no event. Says where; never contains the line, which may hold a secret."""


class Lines:
    """Cuts a stream of bytes into lines, whatever the pieces it comes in."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take some bytes; returns the lines they complete, without line ends, empty lines left out."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        return [line for line in whole if line.strip()]


def command_line(command: Command) -> bytes:
    """One command as one line with its line end."""
    return msgspec.json.encode(command) + b"\n"


def read_command(line: bytes) -> Command:
    """The command in a line. Raises WireError."""
    return _commands.decode(line)


def event_line(event: PhoneEvent) -> bytes:
    """One event as one line with its line end."""
    return msgspec.json.encode(event) + b"\n"


def read_event(line: bytes) -> PhoneEvent:
    """The event in a line. Raises WireError."""
    return _events.decode(line)
