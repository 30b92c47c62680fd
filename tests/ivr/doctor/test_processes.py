from __future__ import annotations

from dataclasses import replace

from ivr.doctor.judge.processes import Answer, ProcessFacts, judge, situation
from tests.ivr.doctor.reading import said, troubles

STOPPED = ProcessFacts("city", "site.yaml", expected_calls=30)
RUNNING = replace(
    STOPPED,
    keeper=10,
    keeper_age=3600.0,
    asterisk=11,
    controller=12,
    ami_port=5038,
    answer=Answer(0.002, True, 3),
)


def test_a_hotline_that_runs_or_was_stopped_is_well():
    assert (situation(STOPPED), troubles(judge(STOPPED))) == ("stopped", [])
    assert (situation(RUNNING), troubles(judge(RUNNING))) == ("running", [])


def test_files_of_a_lost_machine_are_only_told():
    left = replace(STOPPED, leftovers=("keeper.pid", "control.sock"))
    assert (situation(left), troubles(judge(left))) == ("stopped", ["left-behind"])
    assert said(judge(left), "left-behind").cure == "./hotline up site.yaml --name city replaces them"


def test_processes_without_a_keeper_are_told_with_their_pids():
    orphans = replace(RUNNING, keeper=None)
    assert (situation(orphans), troubles(judge(orphans))) == (
        "broken",
        ["asterisk-orphan", "controller-stray"],
    )
    assert "(pid 11)" in said(judge(orphans), "asterisk-orphan").sentence
    assert said(judge(orphans), "controller-stray").cure == "kill 12"
    assert troubles(judge(replace(orphans, controller=None))) == ["asterisk-orphan"]
    assert troubles(judge(replace(orphans, asterisk=None))) == ["controller-stray"]


def test_a_dead_asterisk_under_a_living_keeper_is_an_error():
    dead = replace(RUNNING, asterisk=None, answer=Answer(0.002, False, 0))
    assert situation(dead) == "broken"
    assert troubles(judge(dead)) == ["asterisk-dead", "ami-link-down"]


def test_a_dead_controller_is_an_error_and_a_hanging_one_another():
    dead = replace(RUNNING, controller=None, answer=None)
    assert (situation(dead), troubles(judge(dead))) == ("broken", ["controller-dead"])
    hanging = replace(RUNNING, answer=None)
    assert (situation(hanging), troubles(judge(hanging))) == ("broken", ["controller-silent"])
    assert said(judge(hanging), "controller-silent").cure.startswith("kill -9 12:")


def test_the_first_minute_belongs_to_the_start():
    young = replace(RUNNING, keeper_age=5.0, controller=None, answer=None)
    assert (situation(young), troubles(judge(young))) == ("starting", ["starting"])


def test_a_slow_controller_and_a_lost_link_are_told():
    assert troubles(judge(replace(RUNNING, answer=Answer(1.5, True, 0)))) == ["controller-slow"]
    assert troubles(judge(replace(RUNNING, answer=Answer(0.1, False, 0)))) == ["ami-link-down"]


def test_more_calls_than_expected_are_told():
    assert troubles(judge(replace(RUNNING, answer=Answer(0.1, True, 31)))) == ["more-calls-than-expected"]


def test_a_second_controller_is_told_with_its_pid():
    stray = replace(RUNNING, strays=(99,))
    assert troubles(judge(stray)) == ["controller-stray"]
    assert said(judge(stray), "controller-stray").cure == "kill 99"


def test_a_manager_that_refuses_us_is_an_error_and_one_that_lets_us_in_is_well():
    alone = replace(RUNNING, controller=None, answer=None)
    assert troubles(judge(replace(alone, login=""))) == ["controller-dead"]
    refused = replace(alone, login="it does not know this account")
    assert troubles(judge(refused)) == ["controller-dead", "ami-refused"]
