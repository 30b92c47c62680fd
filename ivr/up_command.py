"""`./hotline up | down | status | accounts | reload`."""

from __future__ import annotations

import asyncio
import json as jsons
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from ivr.control_socket import NotRunning, connected
from ivr.instance import Instance
from ivr.keeper import holder
from ivr.live_table import speech_line
from ivr.menus import MenusRefused
from ivr.settings import Settings
from ivr.site import Site
from ivr.site_loading import SiteUnusable, load_all
from ivr.starting import (
    CannotStart,
    ensure_asterisk,
    last_words,
    orphan,
    prepare_sounds,
    settings_of,
    start_keeper,
    stop,
    wait_ready,
)
from ivr.switch_plan import SecretMissing, account_names

console = Console()


def refuse(why: object) -> int:
    """One sentence for the person at the terminal; the exit code of a failure."""
    print(f"hotline: {why}", file=sys.stderr)
    return 1


def say(what: str) -> None:
    console.print(f"hotline: {what}", highlight=False)


def run_up(config: Path, name: str) -> int:
    """Returns when it takes calls, leaving it running; 1 with the reason when it does not."""
    instance = Instance.named(name)
    if (pid := holder(instance)) is not None:
        return refuse(f"{name} runs already (pid {pid}); ./hotline down --name {name} stops it")
    try:
        ensure_asterisk(say)
        say("reading the site and preparing its prompts")
        loaded = prepare_sounds(config)
        for warning in loaded.warnings:
            say(str(warning))
        instance.create()
        settings = settings_of(loaded.site, instance)
        settings.write(instance)
        for fault in settings.speech.missing:
            say(fault)
        instance.secrets_for(["ami", *account_names(loaded.site)])
        say("starting Asterisk and the controller")
        asyncio.run(wait_ready(instance, start_keeper(instance)))
    except (SiteUnusable, MenusRefused, CannotStart, SecretMissing, OSError) as error:
        return refuse(error)
    _show_accounts(loaded.site, settings, instance, secrets=False)
    return 0


def run_down(name: str) -> int:
    try:
        stopped = stop(Instance.named(name))
    except CannotStart as error:
        return refuse(error)
    say(f"{name} is stopped" if stopped else f"{name} was not running")
    return 0


def run_status(name: str, json: bool) -> int:
    """0 when it runs and takes calls, 1 otherwise."""
    instance = Instance.named(name)
    pid = holder(instance)
    if pid is None:
        left = orphan(instance)
        alone = f" (its Asterisk, pid {left}, goes on with the calls it has)" if left else ""
        return refuse(f"{name} does not run{alone}; start it with: ./hotline up")
    try:
        status = asyncio.run(_ask(instance, "status"))
    except NotRunning as error:
        return refuse(f"{name} is kept by pid {pid}, but {error}: {last_words(instance)}")
    status["keeper"] = pid
    if json:
        print(jsons.dumps(status, ensure_ascii=False))
    else:
        table = Table.grid(padding=(0, 2))
        for key, value in status.items():
            shown = speech_line(value) if key == "speech" else str(value)
            table.add_row(key.replace("_", " "), shown)
        console.print(table)
    return 0 if status["ready"] and status["switch"] and not status["journal_failing"] else 1


def run_accounts(name: str, json: bool) -> int:
    instance = Instance.named(name)
    if not instance.settings_file.exists():
        return refuse(f"{name} was never started here; ./hotline up makes its accounts")
    settings = Settings.read(instance)
    try:
        site = load_all(settings.site).site
    except SiteUnusable as error:
        return refuse(error)
    if json:
        print(jsons.dumps(_accounts(site, settings, instance), ensure_ascii=False))
    else:
        _show_accounts(site, settings, instance, secrets=True)
    return 0


def run_reload(name: str) -> int:
    try:
        answer = asyncio.run(_ask(Instance.named(name), "reload"))
    except NotRunning as error:
        return refuse(error)
    if "error" in answer:
        print(answer["error"], file=sys.stderr)
        return refuse(f"nothing was changed; version {answer['version']} stays in force")
    for warning in answer["warnings"]:
        say(warning)
    for remark in answer["remarks"]:
        say(remark)
    if answer["version"] == answer["before"]:
        say(f"nothing has changed: version {answer['version']}")
    else:
        say(f"version {answer['version']} is in force for new calls (before: {answer['before']})")
    return 0


def run_drain(name: str, worker: str | None, *, on: bool = True) -> int:
    """No further callers for this speech worker, until on=False; those it has go on. 1: there is no such worker.

    worker: its address; None is the only one there is.
    """
    instance = Instance.named(name)
    if worker is None:
        workers = Settings.read(instance).speech.workers if instance.settings_file.exists() else ()
        if len(workers) > 1:
            return refuse(f"which speech worker: {', '.join(workers)}?")
        worker = workers[0] if workers else ""
    try:
        answer = asyncio.run(_ask(instance, "drain", worker=worker, on=on))
    except NotRunning as error:
        return refuse(error)
    if "error" in answer:
        return refuse(answer["error"])
    say(f"{worker} gets {'no more' if on else 'new'} callers; {speech_line(answer['speech'])}")
    return 0


def records_url(name: str) -> str | None:
    """Where this hotline's records are; None, and a word about it, when it was never started."""
    instance = Instance.named(name)
    if not instance.settings_file.exists():
        refuse(f"{name} was never started here; its records begin with: ./hotline up")
        return None
    return Settings.read(instance).database


async def _ask(instance: Instance, do: str, **more: object) -> dict[str, Any]:
    async with connected(instance.socket) as client:
        return await client.ask(do, **more)


def _accounts(site: Site, settings: Settings, instance: Instance) -> dict[str, Any]:
    secrets = instance.secrets_for(account_names(site))
    return {
        "registrar": f"{settings.sip_bind}:{settings.sip_port}",
        "numbers": [entry.number for entry in site.numbers],
        "operators": [
            {"operator": one.id, "name": one.name, "account": one.endpoint, "password": secrets[one.endpoint]}
            for one in site.operators
        ],
        "callers": [{"account": name, "password": secrets[name]} for name in site.telephony.callers],
        "codes": site.feature_codes(),
        "transfers": site.transfer_codes(),
    }


def _show_accounts(site: Site, settings: Settings, instance: Instance, *, secrets: bool) -> None:
    shown = _accounts(site, settings, instance)
    table = Table(title=f"Phones register at {shown['registrar']} (SIP over UDP)", title_justify="left")
    for heading in ("who", "account", "password"):
        table.add_column(heading)
    hidden = "see: ./hotline accounts"
    for one in shown["operators"]:
        table.add_row(
            f"{one['name']} ({one['operator']})", one["account"], one["password"] if secrets else hidden
        )
    for one in shown["callers"]:
        table.add_row("a caller", one["account"], one["password"] if secrets else hidden)
    console.print(table)
    console.print(f"Callers dial [bold]{', '.join(shown['numbers'])}[/bold]")
    for code, meaning in {**shown["codes"], **shown["transfers"]}.items():
        console.print(f"  {code:5} {meaning.replace('_', ' ')}", highlight=False)
