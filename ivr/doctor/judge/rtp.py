"""Are there enough ports for the voice of the calls that are expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from ivr.doctor.finding import Finding, Trouble, well
from ivr.doctor.judge.ports import Ephemeral

AREA = "Ports"
PORTS_PER_LEG = 2  # RTP and RTCP
LEGS_PER_CALL = 2  # the caller's and the operator's
MARGIN = 1.25  # legs of operators who are just being rung, of those who dial a code, of calls that just end
NEARLY_ALL = 0.8

SMALL = Trouble(
    "rtp-small", AREA, "RTP range", "error",
    "{ports} ports ({first}-{last}) carry {carried} calls, {expected} are expected",
    "raise telephony.rtp.to to {enough}, or lower telephony.expected_calls",
    "A call needs 2 ports for each of its 2 legs; Asterisk refuses the call that finds none.",
)  # fmt: skip
TIGHT = Trouble(
    "rtp-tight", AREA, "RTP range", "warning",
    "{ports} ports ({first}-{last}) are just enough for {expected} calls: nothing is left for operators being rung",
    "raise telephony.rtp.to to {enough}",
    "A quarter more is the margin for phones that ring, for feature codes and for calls that just end.",
)  # fmt: skip
EPHEMERAL = Trouble(
    "rtp-ephemeral", AREA, "RTP range", "warning",
    "{count} of its ports lie where the kernel takes ports for outgoing traffic from ({low}-{high})",
    "sysctl -w net.ipv4.ip_local_reserved_ports={first}-{last}, or a range below {low}: telephony.rtp",
    "Each port that another program is given is missing for a call.",
)  # fmt: skip
OCCUPIED = Trouble(
    "rtp-occupied", AREA, "RTP range", "warning",
    "{count} of its {ports} ports are used by {holders}",
    "end those programs, or choose another range: telephony.rtp",
    "Asterisk skips them; what is left may not be enough.",
)  # fmt: skip
SHARED = Trouble(
    "rtp-shared", AREA, "RTP range", "warning",
    "the hotline {others} on this machine uses ports of {first}-{last} too",
    "give each hotline a range of its own: telephony.rtp",
    "Both take from one stock, so neither has the ports that its expected calls need.",
)  # fmt: skip
NEARLY_USED = Trouble(
    "rtp-nearly-used", AREA, "RTP range", "warning",
    "{used} of its {ports} ports are in use now",
    "raise telephony.rtp.to, then ./hotline down --name {name} and ./hotline up {site} --name {name}",
    "Asterisk refuses the call that finds no port.",
)  # fmt: skip
TROUBLES = (SMALL, TIGHT, EPHEMERAL, OCCUPIED, SHARED, NEARLY_USED)


@dataclass(frozen=True)
class RtpFacts:
    """strangers: ports of the range that other programs have, by program. others: hotlines here that run
    with ports of this range. used: ports that Asterisk has now; None when it does not run.
    """

    name: str
    site: str
    first: int
    last: int
    expected_calls: int
    ephemeral: Ephemeral
    strangers: dict[str, int]
    others: tuple[str, ...] = ()
    used: int | None = None

    @property
    def ports(self) -> int:
        return self.last - self.first + 1

    @property
    def pairs(self) -> int:
        """Asterisk takes an even port for RTP and the next one for RTCP."""
        return max(0, (self.last + 1) // 2 - (self.first + 1) // 2)


def ports_for(calls: int) -> int:
    return calls * PORTS_PER_LEG * LEGS_PER_CALL


def judge(seen: RtpFacts) -> Iterator[Finding]:
    span = {"first": seen.first, "last": seen.last, "ports": seen.ports, "expected": seen.expected_calls}
    enough = seen.first + seen.first % 2 + ports_for(ceil(seen.expected_calls * MARGIN)) - 1
    carried = seen.pairs // LEGS_PER_CALL
    if carried < seen.expected_calls:
        yield SMALL(**span, carried=carried, enough=enough)
    elif carried < seen.expected_calls * MARGIN:
        yield TIGHT(**span, enough=enough)
    else:
        sentence = f"{seen.first}-{seen.last}: room for {carried} calls, {seen.expected_calls} are expected"
        yield well(AREA, "RTP range", sentence)
    if count := seen.ephemeral.among(seen.first, seen.last):
        yield EPHEMERAL(**span, count=count, low=seen.ephemeral.low, high=seen.ephemeral.high)
    if seen.strangers:
        holders = ", ".join(sorted(seen.strangers))
        yield OCCUPIED(**span, count=sum(seen.strangers.values()), holders=holders)
    if seen.others:
        yield SHARED(**span, others=", ".join(seen.others))
    if seen.used is not None and seen.used > seen.ports * NEARLY_ALL:
        yield NEARLY_USED(**span, used=seen.used, name=seen.name, site=seen.site)
