"""Each rule meets a file that breaks it; the rest of the files are ours, so nothing else is found."""

from __future__ import annotations

import pytest

from asterisk_conf.lint import Problem, lint
from asterisk_conf.render import render
from tests.asterisk_conf.plans import MANAGER_SECRET, OPERATOR_SECRET, PEER, REGISTERED, plan


def good() -> dict[str, str]:
    return render(plan(trunks=(PEER, REGISTERED)))


def after(file: str, old: str, new: str, count: int = 1) -> list[Problem]:
    """What the linter says when `old` in our file became `new`."""
    files = good()
    assert old in files[file]
    files[file] = files[file].replace(old, new, count)
    return lint(files)


def dialplan(extra: str) -> list[Problem]:
    """What it says of our dialplan with something added to it."""
    files = good()
    files["extensions.conf"] += "\n" + extra
    return lint(files)


def rules(problems: list[Problem]) -> set[str]:
    return {problem.rule for problem in problems}


def test_our_own_files_are_clean():
    assert lint(good()) == []


def test_a_problem_names_file_line_sentence_and_rule():
    (problem,) = after("http.conf", "enabled = no", "enabled = yes")
    assert (problem.file, problem.line, problem.rule) == ("http.conf", 2, "http")
    assert str(problem) == "http.conf:2: the web server must be off: nothing here uses it [http]"


@pytest.mark.parametrize("pattern", ["_X.", "_op.", "_+7X!", "_."])
def test_an_open_pattern_that_dials_is_found(pattern: str):
    found = dialplan(f"[bad]\nexten => {pattern},1,Answer()\n same => n,Dial(PJSIP/op1)\n")
    assert rules(found) == {"open-pattern"}


@pytest.mark.parametrize(
    "step",
    [
        "Goto(deliver,op1,1)",
        'GotoIf($["${DIALSTATUS}" = ""]?deliver,op1,1:done)',
        "Gosub(deliver,op1,1)",
        "Gosub(deliver,op1,1(x))",
    ],
)
def test_an_open_pattern_that_dials_by_a_detour_is_found(step: str):
    assert "open-pattern" in rules(dialplan(f"[bad]\nexten => _X.,1,{step}\n same => n(done),Hangup()\n"))


def test_an_open_pattern_that_includes_its_way_to_a_dial_is_found():
    assert "open-pattern" in rules(dialplan("[bad]\ninclude => deliver\nexten => _X.,1,Hangup()\n"))


def test_a_pattern_of_fixed_length_may_dial_one_phone():
    assert dialplan("[fine]\nexten => _1XX,1,Dial(PJSIP/op1)\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "${CALLERID(name)}",
        "${CALLERID(num)}",
        "${CALLERID(all):1}",
        "${PJSIP_HEADER(read,X-Topic)}",
        "${SIPDOMAIN}",
        "${CHANNEL(pjsip,remote_addr)}",
        "${EXTEN}",
        "${EXTEN:1}",
        "${URIDECODE(${EXTEN})}",
        "${FILTER(0-9${},${EXTEN})}",
        "${FILTER(A-Za-z0-9(),${CALLERID(name)})}",
        "${SHELL(ls)}",
        "${SOMETHING}",
    ],
)
@pytest.mark.parametrize(
    "step", ["Dial(PJSIP/{})", "System(echo {})", "Set(X=$[{} + 1])", "Goto({},1)", "NoOp({})"]
)
def test_what_a_caller_sent_is_found_wherever_it_is_used(step: str, text: str):
    found = dialplan(f"[bad]\nexten => _1X,1,{step.format(text)}\n")
    assert "unfiltered-variable" in rules(found)


def test_what_a_caller_sent_may_be_used_through_a_filter():
    assert dialplan("[fine]\nexten => _1X,1,UserEvent(Dialled,Number: ${FILTER(0-9,${EXTEN})})\n") == []


def test_a_filter_for_one_use_does_not_excuse_another():
    found = dialplan("[bad]\nexten => _1X,1,NoOp(${FILTER(0-9,${CALLERID(num)})} ${CALLERID(name)})\n")
    assert [problem.rule for problem in found] == ["unfiltered-variable"]
    twice = dialplan("[bad]\nexten => _1X,1,NoOp(${FILTER(0-9,${EXTEN})} ${EXTEN})\n")
    assert [problem.rule for problem in twice] == ["unfiltered-variable"]


def test_an_extension_that_is_written_out_is_no_secret_message():
    assert dialplan("[fine]\nexten => 100,1,NoOp(${EXTEN})\n") == []


@pytest.mark.parametrize(
    "target", ["PJSIP/city", "PJSIP/112@provider", "Local/112@out", "PJSIP/op1&PJSIP/112@city"]
)
def test_a_phone_that_could_call_out_by_a_trunk_is_found(target: str):
    found = after("extensions.conf", "[operators]", f"[operators]\nexten => *99,1,Dial({target})")
    assert rules(found) == {"toll-route"}


def test_a_trunk_reached_by_a_transfer_or_by_another_trunk_is_found():
    for context in ("in", "transfers"):
        found = after(
            "extensions.conf", f"[{context}]", f"[{context}]\nexten => *99,1,Goto(out,112,1)"
        ) + dialplan("")
        assert rules(found) == {"unknown-place"}
    route = "[out]\nexten => 112,1,Dial(PJSIP/112@city)\n"
    files = good()
    files["extensions.conf"] = (
        files["extensions.conf"].replace("[in]", "[in]\nexten => 9,1,Goto(out,112,1)") + route
    )
    assert rules(lint(files)) == {"toll-route"}


def test_a_trunk_reached_from_the_menu_alone_is_fine():
    route = "[out]\nexten => 112,1,Dial(PJSIP/112@city)\n"
    files = good()
    files["extensions.conf"] = (
        files["extensions.conf"].replace("[hotline]", "[hotline]\nexten => out,1,Goto(out,112,1)") + route
    )
    assert lint(files) == []


def test_a_place_that_is_not_there_is_found():
    for step in (
        "Goto(nowhere,s,1)",
        "Goto(hotline,call,nolabel)",
        "Goto(missing)",
        "Dial(PJSIP/op1,9,U(nosub))",
    ):
        assert "unknown-place" in rules(dialplan(f"[bad]\nexten => 100,1,{step}\n"))


def test_an_endpoint_that_enters_a_context_that_is_not_there_is_found():
    assert rules(after("pjsip.conf", "context = operators", "context = operatorz")) == {"unknown-context"}
    assert rules(after("pjsip.conf", "TRANSFER_CONTEXT=transfers", "TRANSFER_CONTEXT=x")) == {
        "unknown-context"
    }
    assert rules(dialplan("[bad]\ninclude => nowhere\n")) == {"unknown-context"}


def test_a_circle_of_includes_is_found():
    found = dialplan("[a]\ninclude => b\n[b]\ninclude => c\n[c]\ninclude => a\n[d]\ninclude => a\n")
    assert [problem.rule for problem in found] == ["include-cycle"] * 3


def test_a_line_that_is_no_step_is_found():
    assert rules(dialplan("[bad]\nexten => 1,one two\n")) == {"unreadable"}
    assert rules(dialplan("[bad]\nsame => n,Dial(PJSIP/op1)\n")) == {"unreadable"}


@pytest.mark.parametrize("address", ["0.0.0.0:5060", "[::]:5060", "0.0.0.0"])  # noqa: S104
def test_sip_open_to_the_world_without_an_acl_is_found(address: str):
    files = good()
    files["pjsip.conf"] = files["pjsip.conf"].replace("bind = 127.0.0.1:25060", f"bind = {address}")
    assert lint(files) == []
    files["pjsip.conf"] = files["pjsip.conf"].replace("type = acl", "type = aor")
    assert rules(lint(files)) == {"world-open-bind"}


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.168.1.5", ""])  # noqa: S104
def test_ami_anywhere_but_on_loopback_is_found(address: str):
    assert rules(after("manager.conf", "bindaddr = 127.0.0.1", f"bindaddr = {address}")) == {
        "world-open-bind"
    }


@pytest.mark.parametrize("line", ["deny = 0.0.0.0/0.0.0.0", "deny = ::/0", "contact_deny = ::/0"])
def test_a_phone_without_a_complete_acl_is_found(line: str):
    files = good()
    head, section, tail = files["pjsip.conf"].partition("[op1](operator)")
    files["pjsip.conf"] = head + section + tail.replace(f"\n{line}\n", "\n", 1)
    assert rules(lint(files)) == {"no-acl"}


def test_a_trunk_without_an_acl_is_found():
    files = good()
    head, section, tail = files["pjsip.conf"].partition("[city]")
    files["pjsip.conf"] = head + section + tail.replace("\npermit = 192.0.2.10/32\n", "\n")
    assert rules(lint(files)) == {"no-acl"}


def test_an_acl_that_lets_everybody_in_is_no_acl():
    assert rules(after("pjsip.conf", "permit = 192.168.7.0/24", "permit = 0.0.0.0/0", count=9)) == {"no-acl"}
    assert rules(after("pjsip.conf", "match = 192.0.2.10/32", "match = 0.0.0.0/0")) == {"no-acl"}
    assert rules(lint(render(plan(trunks=(PEER.__class__("x", "192.0.2.1", ("0.0.0.0/0",)),))))) == {"no-acl"}


def test_a_manager_without_an_acl_is_found():
    assert rules(after("manager.conf", "permit = 127.0.0.1/32\n", "")) == {"no-acl"}


def test_an_endpoint_without_a_secret_or_an_address_is_found():
    assert "no-auth" in rules(after("pjsip.conf", "auth = op1\n", ""))


@pytest.mark.parametrize("order", ["ip,username,anonymous", "anonymous"])
def test_identifying_nobody_in_particular_is_found(order: str):
    assert rules(after("pjsip.conf", "order = ip,username", f"order = {order}")) == {"anonymous"}


def test_asterisks_own_order_of_identifying_is_found_because_it_has_anonymous_in_it():
    assert rules(after("pjsip.conf", "endpoint_identifier_order = ip,username\n", "")) == {"anonymous"}


def test_an_endpoint_for_the_anonymous_is_found():
    assert "anonymous" in rules(
        after("pjsip.conf", "[city]\ntype = endpoint", "[anonymous]\ntype = endpoint")
    )


def test_answering_options_to_strangers_is_found():
    found = after("pjsip.conf", "unauthenticated_options = no", "unauthenticated_options = yes")
    assert rules(found) == {"unauthenticated-options"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("read = call", "read = all,call"),
        ("read = call", "read = command,call"),
        ("write = call", "write = command,call"),
        ("write = call", "write = config,call"),
        ("write = call", "write = all"),
        ("write = call", "write = system,call"),
        ("write = call,agi,originate,reporting\n", ""),
    ],
)
def test_a_manager_with_more_rights_than_it_needs_is_found(old: str, new: str):
    assert rules(after("manager.conf", old, new)) == {"manager-class"}


@pytest.mark.parametrize("step", ["ChanSpy(PJSIP/op1,q)", "ExtenSpy(op1@deliver)", "AudioSocket(id,host:1)"])
def test_a_code_that_would_let_somebody_listen_to_others_is_found(step: str):
    assert rules(dialplan(f"[bad]\nexten => *99,1,{step}\n")) == {"spy"}


def test_a_manager_without_event_filters_is_found():
    files = good()
    lines = [line for line in files["manager.conf"].splitlines() if not line.startswith("eventfilter")]
    files["manager.conf"] = "\n".join(lines)
    assert rules(lint(files)) == {"no-event-filter"}


@pytest.mark.parametrize(
    "secret", ["", "short", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "1234123412341234123412341234"]
)
def test_an_empty_or_weak_secret_is_found(secret: str):
    assert rules(after("manager.conf", f"secret = {MANAGER_SECRET}", f"secret = {secret}")) == {"weak-secret"}
    assert rules(after("pjsip.conf", f"password = {OPERATOR_SECRET}", f"password = {secret}")) == {
        "weak-secret"
    }


def test_a_trunks_secret_is_the_providers_choice_but_there_is_one():
    assert after("pjsip.conf", "given-by-the-provider", "pin1") == []
    assert rules(after("pjsip.conf", "password = given-by-the-provider", "")) == {"weak-secret"}


@pytest.mark.parametrize(("old", "new"), [("autoload = no", "autoload = yes"), ("autoload = no", "")])
def test_loading_every_module_is_found(old: str, new: str):
    assert rules(after("modules.conf", old, new)) == {"autoload"}


@pytest.mark.parametrize(
    "module", ["app_system", "func_shell", "pbx_spool", "res_pjsip_endpoint_identifier_anonymous"]
)
def test_a_module_we_do_not_use_is_found(module: str):
    assert rules(after("modules.conf", "[modules]", f"[modules]\nload = {module}.so")) == {"unknown-module"}


def test_dangerous_functions_for_managers_are_found():
    assert rules(after("asterisk.conf", "dangerously = no", "dangerously = yes")) == {"live-dangerously"}


def test_a_shell_on_the_console_is_found():
    assert rules(after("asterisk.conf", "disable_remote_console_shell = yes", "")) == {"console-shell"}


@pytest.mark.parametrize("limit", ["maxcalls", "maxload", "minmemfree"])
def test_a_missing_limit_is_found(limit: str):
    assert rules(after("asterisk.conf", f"\n{limit} =", "\nx =")) == {"no-limit"}


def test_the_web_server_and_ami_by_http_are_found():
    assert rules(after("http.conf", "enabled = no", "enabled = yes")) == {"http"}
    assert rules(after("manager.conf", "webenabled = no", "webenabled = yes")) == {"http"}


@pytest.mark.parametrize("level", ["verbose", "debug", "security", "dtmf", "*"])
def test_a_log_that_would_hold_callers_numbers_is_found(level: str):
    assert rules(after("logger.conf", "=> notice", f"=> notice,{level}")) == {"personal-data-in-log"}


@pytest.mark.parametrize("line", ["#include /etc/x.conf", "#exec /bin/sh", "#tryinclude x"])
def test_a_file_that_brings_in_another_is_found(line: str):
    assert rules(after("pjsip.conf", "[global]", f"{line}\n[global]")) == {"directive"}


def test_programs_that_write_configuration_are_found():
    assert rules(after("asterisk.conf", "[options]", "[options]\nexecincludes = yes")) == {"directive"}


@pytest.mark.parametrize("name", ["asterisk.conf", "modules.conf", "logger.conf", "rtp.conf"])
def test_a_missing_file_is_found(name: str):
    files = good()
    del files[name]
    assert "missing-file" in rules(lint(files))


def test_a_template_that_is_not_there_and_a_line_that_is_nothing_are_found():
    assert "unreadable" in rules(after("pjsip.conf", "[op1](operator)", "[op1](operater)"))
    assert rules(after("rtp.conf", "[general]", "[general]\nnonsense")) == {"unreadable"}


def test_comments_hide_nothing_and_say_nothing():
    assert after("http.conf", "enabled = no", "enabled = no ; enabled = yes") == []
    assert after("http.conf", "enabled = no", ";enabled = yes\nenabled = no") == []
    block = after("http.conf", "enabled = no", ";--\nenabled = yes\n--;")
    assert rules(block) == {"http", "unreadable"}


def test_a_dialplan_of_thousands_of_operators_is_read_in_one_pass():
    steps = "".join(
        f"exten => x{n},1,Dial(PJSIP/op1)\n same => n,Goto(hotline,call,ivr)\n" for n in range(3000)
    )
    assert dialplan("[many]\n" + steps) == []
