"""The plan becomes Asterisk's files. `render` is pure; `write` puts them where the instance reads them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from asterisk_conf.modules import modules
from asterisk_conf.plan import Account, SwitchPlan
from asterisk_conf.settings import check_plan

TEMPLATES = Path(__file__).parent / "templates"
FOLDERS = ("etc", "run", "log", "spool", "db", "var", "cache")
HOLDING_SECRETS = frozenset({"pjsip.conf", "manager.conf"})
# What the controller acts on. One call makes 97 events without this list, and 13 with it.
EVENTS = (
    *("AsyncAGIStart", "AsyncAGIExec", "AsyncAGIEnd", "Hangup", "DialBegin", "DialEnd", "DTMFEnd"),
    *("UserEvent", "OriginateResponse", "BridgeEnter", "BridgeLeave", "BlindTransfer", "AttendedTransfer"),
    *("ContactStatus", "DeviceStateChange", "FullyBooted", "Shutdown"),
)
# Load average over all cores; a machine of ordinary size is long past good sound by then.
MAX_LOAD = 100.0
# Asterisk counts only untouched memory here, not what the page cache would give back.
MIN_FREE_MB = 16
# Questions "are you there" per second, over all phones.
QUALIFY_RATE = 30
QUALIFY_SOONEST = 15


def render(plan: SwitchPlan) -> dict[str, str]:
    """File name -> text, e.g. {"pjsip.conf": ...}. Raises BadSetting for a value that does not fit."""
    check_plan(plan)
    environment = _environment()
    return {
        name.removesuffix(".j2"): environment.get_template(name).render(**_values(plan))
        for name in sorted(environment.list_templates(extensions=["j2"]))
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - no HTML here; check_plan refuses what a file could not hold
    )
    environment.globals.update(only_from=only_from, contact_only_from=contact_only_from)
    environment.globals.update(callerid=callerid, uri_host=uri_host)
    return environment


def write(plan: SwitchPlan, files: Mapping[str, str] | None = None) -> None:
    """Makes the instance's folders and writes its files, each replaced in one step.

    files: what `render(plan)` gave; rendered here when it is not given. Raises as `render` does.
    """
    files = render(plan) if files is None else files
    for folder in FOLDERS:
        (plan.home / folder).mkdir(parents=True, exist_ok=True, mode=0o750)
    for name, text in files.items():
        _replace(plan.home / "etc" / name, text, 0o600 if name in HOLDING_SECRETS else 0o640)


def _replace(path: Path, text: str, mode: int) -> None:
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8"
        ) as file:
            file.write(text)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _values(plan: SwitchPlan) -> dict[str, object]:
    return {
        "plan": plan,
        "modules": modules(plan),
        "events": EVENTS,
        "entries": entries(plan.numbers),
        "sip_address": f"{uri_host(plan.sip_bind)}:{plan.sip_port}",
        "known_networks": known_networks(plan),
        "manager_networks": (plan.manager.bind,) if ip_address(plan.manager.bind).is_loopback else (),
        "qualify_every": max(QUALIFY_SOONEST, len(plan.operators) // QUALIFY_RATE),
        "max_load": MAX_LOAD,
        "min_free_mb": MIN_FREE_MB,
    }


def entries(numbers: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(as dialled, the hotline's number): a provider may send the number with or without its plus."""
    return tuple(
        (form, number) for number in numbers for form in ("+" + number.lstrip("+"), number.lstrip("+"))
    )


def known_networks(plan: SwitchPlan) -> tuple[str, ...]:
    """Every network anybody may come from."""
    accounts = (*plan.operators, *plan.callers, *plan.trunks)
    return tuple(sorted({network for account in accounts for network in account.acl}))


def only_from(networks: Iterable[str], prefix: str = "") -> str:
    """deny-all plus permit lines. A single address stands for itself."""
    lines = [f"{prefix}deny = 0.0.0.0/0.0.0.0", f"{prefix}deny = ::/0"]
    return "\n".join(
        lines + [f"{prefix}permit = {ip_network(network, strict=False)}" for network in networks]
    )


def contact_only_from(networks: Iterable[str]) -> str:
    """The same for the address a phone registers."""
    return only_from(networks, prefix="contact_")


def callerid(account: Account) -> str:
    """ "Anna Ivanova" <op1>"""
    return f'"{account.display or account.name}" <{account.name}>'


def uri_host(host: str) -> str:
    """An IPv6 address stands in brackets."""
    return f"[{host}]" if ":" in host else host
