"""Days simulated by other machines: the same, or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from distributed import LocalCluster

from ivr.simulate_command import run_simulate
from ivr.simulate_days import Means
from loadtest.dask_days import Cluster, ClusterLost
from loadtest.figures import report
from loadtest.replications import simulate
from loadtest.router_choice import SHARED
from loadtest.scenario import Scenario
from tests.loadtest.small_scenarios import everything


@pytest.fixture
def cluster() -> Iterator[Any]:
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1") as found:
        yield found


def few_days() -> Scenario:
    values = everything().model_dump(exclude_unset=True)
    return Scenario.model_validate(values | {"replications": {"min": 6, "max": 6, "half_width": 0.001}})


def test_a_cluster_of_two_processes_gives_the_report_that_one_process_gives(cluster):
    scenario = few_days()
    seen: list[int] = []
    together = simulate(scenario, done=seen.append, dask=cluster.scheduler_address)
    assert report(together) == report(simulate(scenario))
    assert seen == [1, 2, 3, 4, 5, 6]


def test_a_scheduler_that_nobody_started_is_said_in_a_sentence():
    with pytest.raises(ClusterLost, match=r"no Dask scheduler answers at 127\.0\.0\.1:1; start one"):
        Cluster("127.0.0.1:1", patience_s=0.5)


def test_a_scheduler_that_goes_away_is_said_in_a_sentence(cluster):
    connected = Cluster(cluster.scheduler_address, patience_s=5)
    days = connected.days(few_days(), SHARED)
    cluster.close()
    with pytest.raises(ClusterLost, match="went away; mend the cluster, or leave --dask out"):
        next(days)
    connected.close()


def test_a_cluster_without_workers_is_said_in_a_sentence():
    empty: Any = LocalCluster(n_workers=0, dashboard_address=":0", host="127.0.0.1")
    with empty as cluster:
        connected = Cluster(cluster.scheduler_address, patience_s=0.1)
        with pytest.raises(ClusterLost, match="has no workers"):
            next(connected.days(few_days(), SHARED))
        connected.close()


def test_the_command_ends_with_one_and_the_sentence_when_there_is_no_cluster(tmp_path, capsys):
    file = tmp_path / "day.yaml"
    file.write_text(DAY)
    assert run_simulate(file, means=Means(dask="127.0.0.1:1")) == 1
    assert "no Dask scheduler answers at 127.0.0.1:1" in capsys.readouterr().err


DAY = """
name: day
topics:
  - {name: a, arrivals: {per_hour: 5}, handling_s: {dist: exponential, mean: 100}, patience_s: none}
operators:
  - {count: 3}
"""
