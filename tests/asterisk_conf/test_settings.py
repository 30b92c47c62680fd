"""Hostile values: whatever stands in the plan, it is refused by name or it is one value in one place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterisk_conf.conf_file import parse
from asterisk_conf.lint import lint
from asterisk_conf.plan import Account, Manager
from asterisk_conf.render import render
from asterisk_conf.settings import BadSetting
from tests.asterisk_conf.plans import MANAGER_SECRET, OPERATOR_SECRET, PEER, REGISTERED, plan

OP = Account("op1", OPERATOR_SECRET)


@pytest.mark.parametrize(
    ("changes", "setting"),
    [
        ({"operators": (OP, replace(OP, name="op2\nx"))}, "operators[1].name"),
        ({"operators": (replace(OP, name="op1](!)"),)}, "operators[0].name"),
        ({"operators": (replace(OP, name="1000"),)}, "operators[0].name"),
        ({"operators": (replace(OP, name="global"),)}, "operators[0].name"),
        ({"operators": (OP, replace(OP, name="OP1"))}, "operators[1].name"),
        ({"operators": (OP,), "callers": (OP,)}, "callers[0].name"),
        ({"operators": (replace(OP, display='Anna" <1>'),)}, "operators[0].display"),
        ({"operators": (replace(OP, display="Anna;"),)}, "operators[0].display"),
        ({"operators": (replace(OP, display="Anna\nauth_type=none"),)}, "operators[0].display"),
        ({"operators": (replace(OP, secret="short"),)}, "operators[0].secret"),
        ({"operators": (replace(OP, secret="long enough but ; cut"),)}, "operators[0].secret"),
        ({"operators": (replace(OP, language="ru\n"),)}, "operators[0].language"),
        ({"operators": (replace(OP, acl=()),)}, "operators[0].acl"),
        ({"operators": (replace(OP, acl=("everywhere",)),)}, "operators[0].acl"),
        ({"trunks": (replace(PEER, acl=()),)}, "trunks[0].acl"),
        ({"trunks": (replace(PEER, host="a b"),)}, "trunks[0].host"),
        ({"trunks": (replace(PEER, codecs=()),)}, "trunks[0].codecs"),
        ({"trunks": (replace(PEER, codecs=("alaw\n",)),)}, "trunks[0].codecs"),
        ({"trunks": (replace(REGISTERED, user=""),)}, "trunks[0].user"),
        ({"trunks": (replace(REGISTERED, secret="a;b"),)}, "trunks[0].secret"),
        ({"trunks": (REGISTERED,), "numbers": ()}, "numbers"),
        ({"numbers": ("_X.",)}, "numbers[0]"),
        ({"numbers": ("1000", "+1000")}, "numbers"),
        ({"codes": {"_*X": "sign_in"}}, "codes['_*X']"),
        ({"codes": {"*10": "sign_in,Target: x"}}, "codes['*10']"),
        ({"transfers": {"*72": "line:second)\nexten"}}, "transfers['*72']"),
        ({"home": Path("/srv/x\n[options]")}, "home"),
        ({"home": Path("/srv/" + "x" * 120)}, "home"),
        ({"home": Path("relative")}, "home"),
        ({"music": Path("/srv/a;b")}, "music"),
        ({"sip_bind": "localhost"}, "sip_bind"),
        ({"sip_port": 0}, "sip_port"),
        ({"rtp_to": 26000}, "rtp_to"),
        ({"heartbeat": True}, "heartbeat"),
        ({"manager": Manager(port=5038, secret=MANAGER_SECRET, user="general")}, "manager.user"),
        ({"manager": Manager(port=5038, secret="")}, "manager.secret"),
        ({"system_name": "two words"}, "system_name"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_the_name_of_its_setting(
    changes: dict[str, object], setting: str
):
    with pytest.raises(BadSetting) as refused:
        render(plan(**changes))
    assert refused.value.setting == setting
    assert setting in str(refused.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"operators": (replace(OP, secret="my;own;secret;that;is;long"),)},
        {"manager": Manager(port=5038, secret="my own secret that is long")},
        {"trunks": (replace(REGISTERED, secret="my own secret"),)},
    ],
)
def test_a_refused_secret_is_not_told(changes: dict[str, object]):
    with pytest.raises(BadSetting) as refused:
        render(plan(**changes))
    assert "own" not in str(refused.value)


HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from("\n\r;[]()#!\"'\\${}<>|,=&_*+.@: \t\x00\x85  aZ0ж"), st.characters()),
    max_size=40,
)
without_deadline = settings(deadline=None)


def shape(files: dict[str, str]) -> dict[str, tuple[int, list[tuple[str, int]]]]:
    """Lines, and each section with the number of its settings."""
    return {
        name: (
            text.count("\n"),
            [(section.name, len(section.settings)) for section in parse(name, text).sections],
        )
        for name, text in files.items()
    }


def refused_or_one_value(hostile: dict[str, object], tame: dict[str, object], renames: bool = False) -> None:
    """The hostile value adds no line, no section, no setting, no finding: it is where the tame one would be."""
    try:
        files = render(plan(**hostile))
    except BadSetting:
        return
    assert lint(files) == []
    seen, expected = shape(files), shape(render(plan(**tame)))
    if renames:
        assert [lines for lines, _ in seen.values()] == [lines for lines, _ in expected.values()]
    else:
        assert seen == expected


@given(HOSTILE)
@without_deadline
def test_no_display_name_escapes_its_place(text: str):
    refused_or_one_value({"operators": (replace(OP, display=text),)}, {"operators": (OP,)})


@given(HOSTILE)
@without_deadline
def test_no_account_name_escapes_its_place(text: str):
    refused_or_one_value({"operators": (replace(OP, name=text),)}, {"operators": (OP,)}, renames=True)


@given(HOSTILE)
@without_deadline
def test_no_number_escapes_its_place(text: str):
    refused_or_one_value({"numbers": ("1000", text)}, {"numbers": ("1000", "2000")})


@given(HOSTILE, HOSTILE)
@without_deadline
def test_no_code_and_no_meaning_escapes_its_place(code: str, meaning: str):
    refused_or_one_value({"codes": {code: "ready"}}, {"codes": {"*12": "ready"}})
    refused_or_one_value({"codes": {"*12": meaning}}, {"codes": {"*12": "ready"}})
    refused_or_one_value({"transfers": {code: "line:x"}}, {"transfers": {"*72": "line:x"}})
    refused_or_one_value({"transfers": {"*72": meaning}}, {"transfers": {"*72": "line:x"}})


@given(HOSTILE)
@without_deadline
def test_no_secret_escapes_its_place(text: str):
    secret = "0123456789abcdefghij" + text
    refused_or_one_value({"operators": (replace(OP, secret=secret),)}, {"operators": (OP,)})
    refused_or_one_value({"trunks": (replace(REGISTERED, secret=text),)}, {"trunks": (REGISTERED,)})


@given(HOSTILE.map(lambda text: "/srv/" + text.replace("\x00", "")))
@without_deadline
def test_no_path_escapes_its_place(text: str):
    refused_or_one_value({"sounds": Path(text), "music": Path(text)}, {})
