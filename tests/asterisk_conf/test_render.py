from __future__ import annotations

import stat
from pathlib import Path

import pytest

from asterisk_conf import dialplan
from asterisk_conf.conf_file import ConfFile, Section, parse
from asterisk_conf.lint import lint
from asterisk_conf.plan import Account
from asterisk_conf.render import HOLDING_SECRETS, render, write
from tests.asterisk_conf.plans import (
    CALLER_SECRET,
    MANAGER_SECRET,
    OPERATOR_SECRET,
    PEER,
    REGISTERED,
    TRUNK_SECRET,
    plan,
)


def pjsip(**changes: object) -> ConfFile:
    return parse("pjsip.conf", render(plan(**changes))["pjsip.conf"])


def endpoint(file: ConfFile, name: str, kind: str = "endpoint") -> Section:
    return next(section for section in file.of_type(kind) if section.name == name)


def calls(context: str, extension: str, **changes: object) -> list[str]:
    rendered = parse("extensions.conf", render(plan(**changes))["extensions.conf"])
    return [f"{step.app}({step.args})" for step in dialplan.read(rendered).of(context, extension)]


def test_what_we_render_has_nothing_the_linter_objects_to():
    assert lint(render(plan())) == []
    assert lint(render(plan(trunks=(PEER, REGISTERED)))) == []
    assert lint(render(plan(sip_bind="::1", callers=(), codes={}, transfers={}))) == []


def test_the_same_plan_gives_the_same_text():
    assert render(plan()) == render(plan())


@pytest.mark.parametrize("dialled", ["1000", "+1000"])
def test_a_number_is_reached_with_and_without_its_plus_and_tells_which_it_is(dialled: str):
    steps = calls("in", dialled)
    assert steps[0] == "Set(__HOTLINE_NUMBER=1000)"
    assert steps[-1] == "Goto(hotline,call,1)"


def test_callers_reach_the_numbers_and_nothing_else():
    rendered = dialplan.read(parse("extensions.conf", render(plan())["extensions.conf"]))
    assert {step.extension for step in rendered.of("in")} == {"1000", "+1000", "78001234567", "+78001234567"}
    assert rendered.includes == []


def test_no_extension_is_a_pattern():
    rendered = dialplan.read(parse("extensions.conf", render(plan())["extensions.conf"]))
    assert [step for step in rendered.steps if step.is_pattern] == []


def test_the_menu_has_a_heartbeat_and_a_delivered_call_has_none():
    assert "Set(TIMEOUT(absolute)=20)" in calls("hotline", "call")
    assert "Set(TIMEOUT(absolute)=7)" in calls("hotline", "call", heartbeat=7)
    assert calls("deliver", "op1")[0] == "Set(TIMEOUT(absolute)=0)"
    assert calls("hotline", "T")[0] == "Set(TIMEOUT(absolute)=0)"
    assert calls("hotline", "T")[-1] == "MusicOnHold(default)"


def test_each_operator_has_an_extension_of_his_own_that_rings_him_and_comes_back():
    assert calls("deliver", "op2", ring_limit=45) == [
        "Set(TIMEOUT(absolute)=0)",
        "Set(HOTLINE_OPERATOR=op2)",
        "Dial(PJSIP/op2,45,gm(default)U(announce))",
        "UserEvent(DeliverEnd,Operator: op2,Status: ${DIALSTATUS},HangupCause: ${HANGUPCAUSE})",
        "Goto(hotline,call,ivr)",
    ]
    assert calls("deliver", "op3") == []


def test_a_feature_code_says_who_and_what_and_waits_for_the_controller():
    assert "UserEvent(OperatorCode,Operator: ${HOTLINE_OPERATOR},Meaning: pause:lunch)" in calls(
        "operators", "*21"
    )
    assert "AGI(agi:async)" in calls("operators", "*21")


def test_a_transfer_brings_the_caller_back_to_the_menus_context_with_its_target():
    assert calls("transfers", "*72") == [
        "UserEvent(TransferAsked,Operator: ${HOTLINE_OPERATOR},Target: line:second)",
        "Goto(hotline,call,ivr)",
    ]


def test_an_operator_may_come_only_from_his_networks_with_his_phone_and_his_registration():
    phone = endpoint(pjsip(), "op2")
    for prefix in ("", "contact_"):
        assert [s.value for s in phone.all(f"{prefix}deny")] == ["0.0.0.0/0.0.0.0", "::/0"]
        assert [s.value for s in phone.all(f"{prefix}permit")] == ["192.168.7.0/24", "2001:db8::/48"]


def test_operators_may_transfer_and_callers_may_not():
    file = pjsip(trunks=(PEER,))
    assert endpoint(file, "op1").value("context") == "operators"
    assert endpoint(file, "op1").is_on("allow_transfer")
    assert {s.value for s in endpoint(file, "op1").all("set_var")} == {
        "HOTLINE_OPERATOR=op1",
        "TRANSFER_CONTEXT=transfers",
    }
    for outsider in ("caller1", "city"):
        assert endpoint(file, outsider).value("context") == "in"
        assert not endpoint(file, outsider).is_on("allow_transfer", default=True)


def test_one_phone_registers_once_and_is_asked_whether_it_is_there():
    aor = endpoint(pjsip(), "op1", "aor")
    assert aor.value("max_contacts") == "1"
    assert aor.is_on("remove_existing")
    assert aor.value("qualify_frequency") == "15"


def test_a_thousand_phones_are_asked_less_often():
    many = tuple(Account(f"op{number}", OPERATOR_SECRET) for number in range(3000))
    assert endpoint(pjsip(operators=many), "op1", "aor").value("qualify_frequency") == "100"


def test_a_peer_is_known_by_its_address_and_has_no_secret():
    file = pjsip(trunks=(PEER,))
    assert [s.value for s in endpoint(file, "city", "identify").all("match")] == ["192.0.2.10/32"]
    assert endpoint(file, "city", "aor").value("contact") == "sip:192.0.2.10:5060"
    assert [section.name for section in file.of_type("auth")] == ["op1", "op2", "caller1"]
    assert list(file.of_type("registration")) == []


def test_a_registering_trunk_is_called_by_the_hotlines_first_number():
    file = pjsip(trunks=(REGISTERED,))
    registration = endpoint(file, "provider", "registration")
    assert registration.value("server_uri") == "sip:sip.example.net:5060"
    assert registration.value("client_uri") == "sip:74950000000@sip.example.net:5060"
    assert registration.value("contact_user") == "1000"
    assert registration.value("outbound_auth") == "provider"
    assert endpoint(file, "provider").value("outbound_auth") == "provider"
    assert endpoint(file, "provider").value("auth") == ""


def test_modules_for_registering_are_loaded_only_when_a_trunk_needs_them():
    assert "res_pjsip_outbound_registration" not in render(plan(trunks=(PEER,)))["modules.conf"]
    assert "res_pjsip_outbound_registration" in render(plan(trunks=(REGISTERED,)))["modules.conf"]


def test_the_caller_can_be_heard_by_the_side_and_no_program_can_be_run():
    loaded = render(plan())["modules.conf"]
    for module in ("app_chanspy", "chan_audiosocket"):
        assert f"load = {module}.so" in loaded
    for module in ("app_system", "app_mixmonitor", "app_exec", "func_shell", "app_originate"):
        assert module not in loaded
    assert "live_dangerously = no" in render(plan())["asterisk.conf"]


def test_the_controller_may_only_do_what_it_does_and_hears_only_what_it_acts_on():
    account = parse("manager.conf", render(plan())["manager.conf"]).section("controller")
    assert account is not None
    assert account.value("write") == "call,agi,originate,reporting"
    assert account.value("writetimeout") == "5000"
    filters = [setting.key for setting in account.settings if setting.key.startswith("eventfilter")]
    assert "eventfilter(action(include),name(dtmfend))" in filters
    assert "eventfilter(action(include),name(varset))" not in filters


def test_secrets_stand_in_the_two_files_that_only_the_owner_reads():
    files = render(plan(trunks=(REGISTERED,)))
    secrets = (OPERATOR_SECRET, CALLER_SECRET, MANAGER_SECRET, TRUNK_SECRET)
    assert {
        name for name, text in files.items() if any(secret in text for secret in secrets)
    } == HOLDING_SECRETS


def test_written_files_are_readable_by_their_owner_alone_or_his_group(tmp_path: Path):
    here = plan(home=tmp_path / "switch")
    write(here)
    for name, text in render(here).items():
        path = here.home / "etc" / name
        assert path.read_text(encoding="utf-8") == text
        assert stat.S_IMODE(path.stat().st_mode) == (0o600 if name in HOLDING_SECRETS else 0o640)
    assert {path.name for path in here.home.iterdir()} == {"etc", "run", "log", "spool", "db", "var", "cache"}


def test_writing_again_replaces_each_file_and_leaves_nothing_beside_them(tmp_path: Path):
    write(plan(home=tmp_path / "switch"))
    write(plan(home=tmp_path / "switch", heartbeat=9))
    names = {path.name for path in (tmp_path / "switch/etc").iterdir()}
    assert names == set(render(plan()))
    assert "absolute)=9" in (tmp_path / "switch/etc/extensions.conf").read_text(encoding="utf-8")


def test_a_file_that_cannot_be_replaced_leaves_the_old_one_whole(tmp_path: Path):
    here = plan(home=tmp_path / "switch")
    write(here)
    before = (here.home / "etc/pjsip.conf").read_text(encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write(here, {"pjsip.conf": "half \ud800"})
    assert (here.home / "etc/pjsip.conf").read_text(encoding="utf-8") == before
    assert not list((here.home / "etc").glob(".pjsip*"))
