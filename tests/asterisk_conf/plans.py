"""A plan like the example's, for tests to vary."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from asterisk_conf.plan import Account, Manager, SwitchPlan, Trunk

OPERATOR_SECRET = "operator-secret-0123456789"
CALLER_SECRET = "caller-secret-0123456789ab"
MANAGER_SECRET = "manager-secret-0123456789a"
TRUNK_SECRET = "given-by-the-provider"

PEER = Trunk(name="city", host="192.0.2.10", acl=("192.0.2.10/32",))
REGISTERED = Trunk(
    name="provider",
    host="sip.example.net",
    acl=("198.51.100.0/24",),
    user="74950000000",
    secret=TRUNK_SECRET,
    register=True,
)


def plan(**changes: Any) -> SwitchPlan:
    """Two operators, a caller, two numbers, on loopback."""
    example = SwitchPlan(
        home=Path("/srv/hotline/switch"),
        modules=Path("/usr/lib/asterisk/modules"),
        data=Path("/usr/share/asterisk"),
        sounds=Path("/srv/hotline/prompts"),
        music=Path("/usr/share/asterisk/moh"),
        manager=Manager(port=25038, secret=MANAGER_SECRET),
        sip_bind="127.0.0.1",
        sip_port=25060,
        rtp_from=26000,
        rtp_to=26199,
        numbers=("1000", "+78001234567"),
        operators=(
            Account("op1", OPERATOR_SECRET, "Анна Иванова"),
            Account("op2", OPERATOR_SECRET, "Борис Петров", acl=("192.168.7.0/24", "2001:db8::/48")),
        ),
        callers=(Account("caller1", CALLER_SECRET, language="en"),),
        codes={"*10": "sign_in", "*21": "pause:lunch"},
        transfers={"*72": "line:second"},
    )
    return replace(example, **changes)
