"""Erlang A: callers are patient for an exponential time and then hang up (M/M/n+M)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from loadtest.argument_checks import check_not_negative, check_positive, check_servers
from loadtest.erlang_b import erlang_b
from loadtest.queue_with_patience import QueueSums, log_queue_sum, queue_sums

Convention = Literal["offered", "offered_less_short_abandons", "answered"]
"""What the calls answered in time are divided by. The same day gives three figures; a target has to name one."""


@dataclass(frozen=True)
class ErlangA:
    """An M/M/n+M queue in its steady state; there always is one.

    servers: operators on duty, >= 0. load: offered load, erlangs, >= 0.
    handling: mean handling time, seconds, > 0. patience: mean patience, seconds, > 0.
    Times are seconds, shares are of offered calls unless the name says otherwise.
    Raises ValueError for an impossible argument.
    Source: C. Palm (1946); A. Mandelbaum and S. Zeltyn, "Service engineering in action: the Palm/Erlang-A queue"
    (2007). The wait's law, with y = exp(-t / patience), is the density
    P(all just busy) n mu exp(-n mu t + lambda patience (1 - y)) of the time an infinitely patient caller would wait.
    """

    servers: int
    load: float
    handling: float
    patience: float

    def __post_init__(self) -> None:
        check_servers(self.servers)
        check_not_negative(self.load, "load")
        check_positive(self.handling, "handling time")
        check_positive(self.patience, "patience")

    @property
    def _drain(self) -> float:
        """The operators' rate in units of one caller's hanging up."""
        return self.servers * self.patience / self.handling

    @property
    def _inflow(self) -> float:
        """The arrival rate in units of one caller's hanging up."""
        return self.load * self.patience / self.handling

    @cached_property
    def _sums(self) -> QueueSums:
        return queue_sums(self._drain, self._inflow)

    @cached_property
    def _scaled(self) -> float:
        """P(every operator busy, nobody waiting) in the scale of the sums; 0.0 when below any float."""
        blocking = erlang_b(self.servers, self.load)
        if blocking < 1e-300:
            return 0.0
        others = (1 - blocking) / blocking * math.exp(-self._sums.log_scale)
        return 1 / (self._sums.states + others)

    @property
    def p_wait(self) -> float:
        """Share of callers who do not find an operator at once; they are answered later or hang up."""
        return min(1.0, self._scaled * self._sums.states) if self.load else 0.0

    @property
    def queue(self) -> float:
        """Mean number of callers waiting."""
        return self._scaled * self._sums.waiting

    @property
    def mean_wait(self) -> float:
        """Mean wait of ALL callers, those who hung up included, seconds. Some packages call this ASA; it is not."""
        return self.queue * self.handling / self.load if self.load else 0.0

    @property
    def p_abandon(self) -> float:
        """Share of callers who hang up waiting."""
        if not self.servers and self.load:
            return 1.0
        return min(1.0, self.mean_wait / self.patience)

    @property
    def asa(self) -> float:
        """Average speed of answer: the mean wait of ANSWERED callers, seconds; nan when nobody is answered."""
        if not self.servers:
            return math.nan
        return self._scaled * self._sums.answered_wait * self.patience / (1 - self.p_abandon)

    @property
    def occupancy(self) -> float:
        """Share of operators' time in handling; 0.0 without operators."""
        return min(1.0, self.load * (1 - self.p_abandon) / self.servers) if self.servers else 0.0

    def offered_wait_exceeds(self, seconds: float) -> float:
        """Share of callers who would wait longer than this, if they alone never hung up."""
        return self._busy_longer(seconds, 0)

    def wait_exceeds(self, seconds: float) -> float:
        """Share of callers still waiting after this many seconds (>= 0), whatever becomes of them."""
        return self._busy_longer(seconds, 0) * math.exp(-seconds / self.patience)

    def answered_after(self, seconds: float) -> float:
        """Share of callers answered, but later than this many seconds (>= 0)."""
        drain = self._drain
        return self._busy_longer(seconds, 1) * drain / (drain + 1)

    def answered_within(self, seconds: float) -> float:
        """Share of callers answered in at most this many seconds (>= 0)."""
        return max(0.0, (1 - self.p_abandon) - self.answered_after(seconds))

    def abandoned_within(self, seconds: float) -> float:
        """Share of callers who hang up in at most this many seconds (>= 0)."""
        later = self.wait_exceeds(seconds) - self.answered_after(seconds)
        return min(self.p_abandon, max(0.0, self.p_abandon - later))

    def _busy_longer(self, seconds: float, order: int) -> float:
        """The integral of the offered wait's density x exp(-order t / patience) from `seconds` on, normalised.

        It is the sum over the queue's length again, with arrivals thinned to those patient enough.
        """
        check_not_negative(seconds, "waiting time")
        if not self.load or not self._scaled:
            return 0.0
        patient = math.exp(-seconds / self.patience)
        gone = -math.expm1(-seconds / self.patience)
        drain = self._drain + order
        log_tail = self._inflow * gone - drain * seconds / self.patience
        log_sum = log_queue_sum(drain, self._inflow * patient) - self._sums.log_scale
        return min(1.0, self._scaled * math.exp(log_tail + log_sum))

    def service_level(self, within: float, of: Convention = "offered", short: float | None = None) -> float:
        """Share of calls answered within so many seconds, by one of the three conventions in use.

        within: seconds, >= 0. of: what to divide by: all offered calls; offered calls less those who hung up within
        `short` seconds (None: within `within`); or answered calls. nan when that is nobody.
        """
        basis = 1.0
        if of == "offered_less_short_abandons":
            basis -= self.abandoned_within(within if short is None else short)
        elif of == "answered":
            basis -= self.p_abandon
        elif of != "offered":
            raise ValueError(f"no such convention: {of}")
        return min(1.0, self.answered_within(within) / basis) if basis > 0 else math.nan
