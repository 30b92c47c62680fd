"""What a softphone can do and what it reports: the vocabulary between a farm and the process that holds the phones.

One JSON object per line each way. A line names the account it concerns (`line`) and the person (`phone`): an operator
is both, callers share one account and come and go on it.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from softphone_sim.person import PhoneEvent

PHONES_PER_PROCESS = 3
"""Operators' phones in one process: one call each, and one call to spare for a feature code or a double ring."""

CALLS_PER_PROCESS = 4
"""The pjsua2 wheel is built for four calls per process."""


class Start(msgspec.Struct, tag="start", frozen=True):
    """The first line: where the registrar is ("host:port"), the address to bind, the RTP ports, the folder."""

    registrar: str
    bind: str
    rtp_from: int
    rtp_ports: int
    folder: str


class AddLine(msgspec.Struct, tag="add_line", frozen=True):
    """An account. register: False dials with it and never registers. tone_file: said in calls that ring in."""

    line: str
    user: str
    secret: str
    register: bool
    tone_file: str

    def __repr__(self) -> str:
        return f"AddLine(line={self.line!r}, user={self.user!r}, register={self.register})"


class Dial(msgspec.Struct, tag="dial", frozen=True):
    """Dial a number as this person. call: the call's number; 0 takes the phone's next.

    tone_file: "" says nothing. listens: report when something is heard on the line, and when no more.
    """

    line: str
    phone: str
    number: str
    tone_file: str
    call: int = 0
    listens: bool = False


class Answer(msgspec.Struct, tag="answer", frozen=True):
    """Pick up a ringing call, or refuse it. code: 200, or 486 and the like."""

    phone: str
    call: int
    code: int = 200


class HangUp(msgspec.Struct, tag="hang_up", frozen=True):
    """End a call in whatever state it is."""

    phone: str
    call: int


class PressKeys(msgspec.Struct, tag="press_keys", frozen=True):
    """Send digits by RFC 2833 while the tone goes on."""

    phone: str
    call: int
    keys: str


class Speak(msgspec.Struct, tag="speak", frozen=True):
    """Say a WAV file (8 kHz mono 16-bit) once; what is being said already is broken off."""

    phone: str
    call: int
    wav: str


class BeginTone(msgspec.Struct, tag="begin_tone", frozen=True):
    """Say this tone from now on."""

    phone: str
    call: int
    tone_file: str


class Transfer(msgspec.Struct, tag="transfer", frozen=True):
    """Blind transfer (REFER) of a call to a number or code."""

    phone: str
    call: int
    number: str


class Stop(msgspec.Struct, tag="stop", frozen=True):
    """Hang up, unregister, leave."""


OnCall = Answer | HangUp | PressKeys | Speak | BeginTone | Transfer
Command = Start | AddLine | Dial | OnCall | Stop


class Softphones(Protocol):
    """The phones of one process. Driven by one thread; nothing here waits except `poll`."""

    def do(self, command: Command) -> None:
        """Carry out a command. What comes of it is reported by events; a command about a call that is over is void."""
        ...

    def poll(self, seconds: float) -> list[PhoneEvent]:
        """Let the phones live for at most so long; returns what happened, in order."""
        ...

    def close(self) -> list[PhoneEvent]:
        """Hang everything up, unregister, release the ports; returns what happened meanwhile. The end of these."""
        ...
