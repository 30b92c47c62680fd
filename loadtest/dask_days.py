"""Days simulated by a Dask cluster: other machines that have this project installed.

A day is a few numbers there (the scenario) and a few back (its counts), and none depends on another, so the answer is
the one that a single process gives. Dask itself gives the days of a worker that died to the others.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

from loadtest.counts import DayCounts
from loadtest.router_choice import one_day
from loadtest.scenario import Scenario

AHEAD = 2
"""Days asked for beforehand per thread of the cluster."""


class ClusterLost(Exception):
    """There is no cluster, or no longer one; the text says which, and what to do."""


class Cluster:
    """A connection to a scheduler. Close it.

    patience_s: how long to wait for the scheduler, and for a first or another worker when there is none.
    Raises ClusterLost when nobody answers there.
    """

    def __init__(self, address: str, patience_s: float = 10.0) -> None:
        from distributed import Client  # noqa: PLC0415 - only who has a cluster waits for the import

        self._address, self._patience_s = address, patience_s
        try:
            self._client: Any = Client(address, timeout=patience_s, set_as_default=False)
        except (OSError, ValueError) as why:
            raise ClusterLost(
                f"no Dask scheduler answers at {address}; start one, or leave --dask out"
            ) from why

    @property
    def threads(self) -> int:
        """Days that the cluster can simulate at once."""
        return max(1, sum(self._client.nthreads().values()))

    def days(self, scenario: Scenario, router: str) -> Generator[DayCounts, None, None]:
        """Day after day, in their order. Raises ClusterLost."""
        under_way: deque[Any] = deque()
        wanted = iter(range(scenario.replications.max))
        try:
            ahead = AHEAD * self._asked(lambda: self.threads)
            while True:
                for replication in wanted:
                    under_way.append(self._asked(self._order, scenario, replication, router))
                    if len(under_way) >= ahead:
                        break
                if not under_way:
                    return
                yield self._result(under_way.popleft())
        finally:
            for future in under_way:
                with suppress(Exception):  # the cluster may be gone; nobody waits for these days any more
                    future.cancel(force=True)

    def _order(self, scenario: Scenario, replication: int, router: str) -> Any:
        return self._client.submit(one_day, scenario, replication, router, pure=False)

    def _asked(self, question: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return question(*arguments)
        except (OSError, RuntimeError, TimeoutError) as why:
            raise self._lost("the Dask scheduler at {} went away") from why

    def _result(self, future: Any) -> DayCounts:
        from distributed import KilledWorker  # noqa: PLC0415 - see above

        nobody_since = None
        while True:
            try:
                return future.result(timeout=1.0)
            except TimeoutError:
                now = time.monotonic()
                if self._client.status != "running":
                    raise self._lost("the Dask scheduler at {} went away") from None
                if self._client.scheduler_info(n_workers=-1)["workers"]:
                    nobody_since = None
                elif now - (nobody_since := nobody_since or now) > self._patience_s:
                    raise self._lost("the Dask cluster at {} has no workers") from None
            except KilledWorker as why:
                raise self._lost("workers of the Dask cluster at {} die of a day of this scenario") from why
            except (CancelledError, OSError) as why:
                raise self._lost("the Dask scheduler at {} went away") from why
            except (ImportError, AttributeError) as why:
                raise self._lost(
                    "workers of the Dask cluster at {} have not this version of the project"
                ) from why

    def _lost(self, what: str) -> ClusterLost:
        return ClusterLost(f"{what.format(self._address)}; mend the cluster, or leave --dask out")

    def close(self) -> None:
        with suppress(Exception):  # it may be gone already
            self._client.close(timeout=2)
