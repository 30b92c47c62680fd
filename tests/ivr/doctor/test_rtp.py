from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ivr.doctor.judge.ports import Ephemeral
from ivr.doctor.judge.rtp import RtpFacts, judge
from tests.ivr.doctor.reading import said, troubles

ROOMY = RtpFacts("city", "site.yaml", 10000, 10199, 30, Ephemeral(32768, 60999), {})


def test_two_hundred_ports_carry_thirty_calls_and_a_margin():
    assert troubles(judge(ROOMY)) == []


def test_each_call_needs_two_ports_for_each_of_two_legs():
    assert troubles(judge(replace(ROOMY, last=10119))) == ["rtp-tight"]
    assert troubles(judge(replace(ROOMY, last=10118))) == ["rtp-small"]


def test_half_a_pair_at_an_odd_border_is_no_room():
    """Asterisk takes an even port and the one after it."""
    assert troubles(judge(replace(ROOMY, first=10001, last=10120))) == ["rtp-small"]
    assert troubles(judge(replace(ROOMY, first=10001, last=10121))) == ["rtp-tight"]


@given(first=st.integers(1024, 40000), calls=st.integers(1, 2000))
def test_the_cure_for_a_small_range_is_enough(first: int, calls: int):
    small = replace(ROOMY, first=first, last=first + 2, expected_calls=calls, ephemeral=Ephemeral(1, 2))
    enough = int(said(judge(small), "rtp-small").cure.split()[3].rstrip(","))
    assert troubles(judge(replace(small, last=enough))) == []
    assert troubles(judge(replace(small, last=enough - 2))) != []


def test_ports_that_the_kernel_gives_to_others_are_counted_unless_reserved():
    overlapping = replace(ROOMY, first=32700, last=32899)
    assert troubles(judge(overlapping)) == ["rtp-ephemeral"]
    assert "132 of its ports" in said(judge(overlapping), "rtp-ephemeral").sentence
    reserved = Ephemeral(32768, 60999, ((32700, 32899),))
    assert troubles(judge(replace(overlapping, ephemeral=reserved))) == []


def test_ports_that_strangers_have_are_told_with_their_names():
    findings = list(judge(replace(ROOMY, strangers={"python (pid 7)": 3, "a program of another user": 1})))
    assert troubles(findings) == ["rtp-occupied"]
    assert "4 of its 200 ports" in said(findings, "rtp-occupied").sentence


def test_a_hotline_beside_with_the_same_ports_is_told():
    assert troubles(judge(replace(ROOMY, others=("demo",)))) == ["rtp-shared"]


def test_a_range_nearly_used_up_is_told_before_calls_fail():
    assert troubles(judge(replace(ROOMY, used=160))) == []
    assert troubles(judge(replace(ROOMY, used=161))) == ["rtp-nearly-used"]
