from __future__ import annotations

from dataclasses import replace

from ivr.doctor.judge.phones import PhoneFacts, judge
from ivr.doctor.probe.phones import CONTACT, REGISTRATION
from tests.ivr.doctor.reading import said, troubles

GOOD = PhoneFacts("city", "192.168.1.5:5060", {"op1": True, "op2": False}, frozenset({"op1"}))

CONTACTS = """
  Contact:  <Aor/ContactUri............................> <Hash....> <Status> <RTT(ms)..>
==========================================================================================

  Contact:  op1/sip:op1@127.0.0.1:41000;ob               1fb3a0c1d2 Avail         0.421
  Contact:  op2/sip:op2@127.0.0.1:41002;ob               8a12e3f4b5 Unavail         nan
  Contact:  op-3/sip:op-3@10.0.0.9:5060                  77d0c4aa01 NonQual         nan

Objects found: 3
"""
REGISTRATIONS = """
 <Registration/ServerURI..............................>  <Auth....................>  <Status.......>
==========================================================================================

 provider/sip:sip.example.net:5060                        provider            Registered        (exp. 285s)
 second/sip:[2001:db8::1]:5060                            second              Rejected          (exp. 20s)

Objects found: 2
"""


def test_a_phone_off_duty_is_no_trouble():
    assert troubles(judge(GOOD)) == []


def test_an_operator_on_duty_without_a_phone_is_told():
    findings = list(judge(replace(GOOD, on_duty=frozenset({"op1", "op2"}))))
    assert troubles(findings) == ["phones-unreachable"]
    assert said(findings, "phones-unreachable").sentence.endswith("op2")


def test_no_phone_at_all_is_told_with_the_registrar():
    findings = list(judge(replace(GOOD, operators={"op1": False}, on_duty=frozenset())))
    assert troubles(findings) == ["phones-none"]
    assert "192.168.1.5:5060" in findings[0].cure


def test_a_trunk_that_is_not_registered_is_an_error():
    trunks = {"provider": "Registered", "second": "Rejected"}
    assert troubles(judge(replace(GOOD, trunks=trunks))) == ["trunk-down"]


def test_a_console_that_does_not_answer_says_nothing_about_phones():
    assert troubles(judge(replace(GOOD, silent="Permission denied", user="nobody"))) == ["console-silent"]


def test_the_consoles_lists_are_read():
    assert dict(CONTACT.findall(CONTACTS)) == {"op1": "Avail", "op2": "Unavail", "op-3": "NonQual"}
    assert dict(REGISTRATION.findall(REGISTRATIONS)) == {"provider": "Registered", "second": "Rejected"}
