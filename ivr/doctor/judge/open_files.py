"""May Asterisk open as many files and sockets as the expected calls need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Machine"
NEARLY_ALL = 0.8

FEW = Trouble(
    "open-files-few", AREA, "open files", "error",
    "{limit} may be open at once, {expected} calls need {needed}",
    "raise the limit for user '{user}': LimitNOFILE={wanted} in the service, or 'nofile' in /etc/security/limits.conf",
    "A call that cannot open its sockets fails.",
)  # fmt: skip
FEWER_THAN_ASKED = Trouble(
    "open-files-low", AREA, "open files", "warning",
    "{limit} may be open at once; the hotline asks for {wanted} to be safe",
    "raise the limit for user '{user}': LimitNOFILE={wanted} in the service, or 'nofile' in /etc/security/limits.conf",
    "Enough for the expected calls, without a reserve.",
)  # fmt: skip
NEARLY_USED = Trouble(
    "open-files-nearly-used", AREA, "open files", "warning",
    "Asterisk has {used} of {limit} open",
    "raise telephony.expected_calls, from which the limit follows, and start the hotline again",
    "A call that cannot open its sockets fails.",
)  # fmt: skip
TROUBLES = (FEW, FEWER_THAN_ASKED, NEARLY_USED)


@dataclass(frozen=True)
class OpenFileFacts:
    """limit: in force for the running Asterisk, or what it can get here. needed: by the expected calls.

    wanted: what the hotline asks for. used: by the running Asterisk, None when it does not run.
    """

    user: str
    limit: int
    needed: int
    wanted: int
    expected_calls: int
    used: int | None = None


def judge(seen: OpenFileFacts) -> Iterator[Finding]:
    told = {"limit": seen.limit, "wanted": seen.wanted, "user": seen.user}
    if seen.limit < seen.needed:
        yield FEW(**told, needed=seen.needed, expected=seen.expected_calls)
    elif seen.limit < seen.wanted:
        yield FEWER_THAN_ASKED(**told)
    elif seen.used is not None and seen.used > seen.limit * NEARLY_ALL:
        yield NEARLY_USED(used=seen.used, limit=seen.limit)
    else:
        now = "" if seen.used is None else f", {seen.used} are open now"
        sentence = f"{seen.limit} may be open, {seen.expected_calls} calls need about {seen.needed}{now}"
        yield well(AREA, "open files", sentence)
