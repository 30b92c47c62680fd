"""What people at telephones do, as data, and what became of it. Seconds throughout; tones in Hz."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec


class Press(msgspec.Struct, frozen=True, tag="press"):
    """Keys pressed `after` seconds, counted from the answer or from what he did before.

    when "quiet": counted from the end of the sound that he heard on the line after what he did before.
    """

    after: float
    keys: str
    when: Literal["time", "quiet"] = "time"


class Say(msgspec.Struct, frozen=True, tag="say"):
    """Something he says into the call: `wav`, 8 kHz mono 16-bit. after, when: as of `Press`.

    What comes next counts from the end of the utterance.
    """

    after: float
    wav: Path
    when: Literal["time", "quiet"] = "time"


class Reply(msgspec.Struct, frozen=True):
    """How he answers to sentences that he knows: one act each time he has heard one of them, until none is left.

    to: names of sentences in `Farm.sentences`. acts: their `after` counts from the sentence's end.
    """

    to: tuple[str, ...]
    acts: tuple[Press | Say, ...]


@dataclass(frozen=True)
class Caller:
    """One caller. tone: what he 'says', all the time, so that others can be checked to hear him.

    does: what he does in the menu, in this order, after `presses`. replies: how he answers to what he is told.
    quiet_in_menu: his tone begins when he hears an operator, and what he has not done by then he leaves undone;
    always so for one who speaks.
    hangs_up_after: seconds from the answer until he gives up or is done; he stays longer only if
    talk_for is given and the operator's tone was heard: then he hangs up `talk_for` seconds after that
    (None: waits for the operator to hang up).
    """

    name: str
    number: str
    tone: float
    presses: tuple[Press, ...] = ()
    hangs_up_after: float = 120.0
    talk_for: float | None = None
    does: tuple[Press | Say, ...] = ()
    replies: tuple[Reply, ...] = ()
    quiet_in_menu: bool = False

    @property
    def all_acts(self) -> tuple[Press | Say, ...]:
        """All that he may do in the menu."""
        return self.presses + self.does + tuple(act for reply in self.replies for act in reply.acts)

    @property
    def is_quiet_in_menu(self) -> bool:
        """Without his tone until he hears an operator: it would disturb whoever listens for words."""
        return self.quiet_in_menu or any(isinstance(act, Say) for act in self.all_acts)


@dataclass(frozen=True)
class OperatorPhone:
    """An operator's softphone and the habits of the one who sits before it.

    answers_after: seconds of ringing; None never answers. rejects: answers 486 at once.
    talk_for: hangs up that long after answering; None leaves it to the caller.
    unplugged_at: seconds after start at which the phone vanishes without a word (no unregister, no BYE).
    dials: feature codes dialled after start, (seconds, code). transfers: (seconds of talk, code or number)
    he gives every call on to, blind.
    """

    name: str
    secret: str = field(repr=False)
    tone: float
    answers_after: float | None = 0.5
    rejects: bool = False
    talk_for: float | None = None
    unplugged_at: float | None = None
    dials: tuple[tuple[float, str], ...] = ()
    transfers: tuple[float, str] | None = None


@dataclass(frozen=True)
class PhoneEvent:
    """Something a phone saw. at: seconds on the machine's monotonic clock.

    phone: a Caller's or OperatorPhone's name. kind: registered, registration_failed, dialled, ringing,
    answered, rejected, media, keys, transferred, hung_up (by us), ended (by the other side), failed, unplugged,
    heard; of a caller who is quiet in the menu also says, said (an utterance's begin and end, its file),
    sounds, quiet (something is heard on the line, nothing any more), understood (which sentence that was; at: of
    its quiet) and tone (his tone begins).
    call: number of the phone's call, from 1. detail: status code, reason, tone heard ...
    """

    phone: str
    kind: str
    at: float
    call: int = 0
    detail: str = ""


@dataclass(frozen=True)
class Recording:
    """What one phone heard during one call: 8 kHz mono 16-bit WAV. answered, ended: monotonic seconds."""

    phone: str
    call: int
    path: Path
    answered: float
    ended: float
