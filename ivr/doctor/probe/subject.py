"""Finds out which hotline is meant, and what of it is alive."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from pathlib import Path
from typing import Any

import psutil

from asterisk_conf.process import Instance as SwitchProcess
from ivr.asterisk.ami_client import AmiClient, AmiError
from ivr.config import read_site
from ivr.control_socket import NotRunning, connected
from ivr.doctor.judge.processes import Answer, ProcessFacts
from ivr.doctor.probe.locks import lock_holder
from ivr.doctor.probe.users import owner_of
from ivr.doctor.subject import Subject, Untouched, short
from ivr.settings import Settings
from ivr.site_check import check
from ivr.site_loading import SiteUnusable, load_all
from ivr.starting import settings_of

ANSWERS_WITHIN = 2.0


async def subject(config: Path, name: str, instance: Untouched, example: Path) -> Subject:
    """config: of the command line. example: the site that is meant when nobody named one."""
    stranger = _stranger(instance)
    started = None if stranger else _settings(instance)
    alive = await asyncio.to_thread(_processes, name, instance)
    running = any(pid is not None for pid in (alive.keeper, alive.asterisk, alive.controller))
    site_file, asked = chosen(config, started.site if started else None, running, example)
    findings = tuple(await asyncio.to_thread(check, site_file))
    site = (await asyncio.to_thread(read_site, site_file)).site
    loaded = None
    with contextlib.suppress(SiteUnusable):
        loaded = await asyncio.to_thread(load_all, site_file)
    if not running or started is None:
        started = settings_of(site, instance, proofs=None) if site is not None else None
    took, status, figures = await _ask(instance)
    answer = None if status is None else Answer(took, bool(status["switch"]), int(status["calls"]))
    facts = ProcessFacts(
        **{
            **alive.__dict__,
            "site": short(site_file),
            "answer": answer,
            "ami_port": started.ami_port if started else 0,
            "expected_calls": site.telephony.expected_calls if site else 0,
            "login": await _login(instance, started, alive) if answer is None else None,
        }
    )
    return Subject(
        name, instance, site_file, asked, findings, loaded, site, started, facts, status, figures, stranger
    )


def chosen(config: Path, in_force: Path | None, running: bool, example: Path) -> tuple[Path, str]:
    """(the site file to look at, the one that was asked for in vain or "").

    A running hotline is looked at with its own file; a stopped one with its last, unless another is named.
    """
    named = config.resolve() != example.resolve()
    if in_force is None or (named and not running):
        return config, ""
    other = named and config.resolve() != in_force.resolve()
    return in_force, str(config) if other else ""


def _stranger(instance: Untouched) -> str:
    """The folder's owner, when its files are closed to us."""
    for file in (instance.settings_file, instance.secrets_file):
        if file.exists() and not os.access(file, os.R_OK):
            return owner_of(file)
    return ""


def _settings(instance: Untouched) -> Settings | None:
    try:
        return Settings.read(instance)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _processes(name: str, instance: Untouched) -> ProcessFacts:
    keeper = lock_holder(instance.pid_file)
    switch = instance.switch
    asterisk = SwitchProcess(switch / "run/instance.pid", str(switch / "etc/asterisk.conf")).find()
    controller, *strays = _controllers(instance, keeper) or [None]
    alive = keeper is not None or controller is not None
    leftovers = (path.name for path in (instance.pid_file, instance.socket) if path.exists() and not alive)
    return ProcessFacts(
        name=name,
        keeper=keeper,
        keeper_age=0.0 if keeper is None else _age(keeper),
        asterisk=asterisk.pid if asterisk else None,
        controller=controller,
        strays=tuple(pid for pid in strays if pid is not None),
        leftovers=tuple(leftovers),
        switch_log=short(switch / "log/messages.log"),
        controller_log=short(instance.logs / "controller.log"),
    )


def _controllers(instance: Untouched, keeper: int | None) -> list[int]:
    """Pids, the one that the keeper started first."""
    found: list[tuple[bool, int]] = []
    for pid in psutil.pids():
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            argv = process.cmdline()
            if argv[-2:] == ["ivr.app", str(instance.home)] and process.status() != psutil.STATUS_ZOMBIE:
                found.append((process.ppid() != keeper, pid))
    return [pid for _, pid in sorted(found)]


def _age(pid: int) -> float:
    """Seconds since it began; by the wall clock, which is good enough here."""
    try:
        return time.time() - psutil.Process(pid).create_time()
    except psutil.Error:
        return 0.0


async def _ask(instance: Untouched) -> tuple[float, dict[str, Any] | None, dict[str, Any] | None]:
    """(seconds it took, status, figures); None for what was not answered."""
    status = figures = None
    began, took = time.monotonic(), 0.0
    with contextlib.suppress(NotRunning, OSError, TimeoutError, ValueError):
        async with asyncio.timeout(ANSWERS_WITHIN), connected(instance.socket) as client:
            status = await client.ask("status")
            took = time.monotonic() - began
            figures = await client.ask("figures")
    if status is not None and "error" in status:
        status = None
    return took, status, figures


async def _login(instance: Untouched, settings: Settings | None, alive: ProcessFacts) -> str | None:
    """Whether the manager lets the controller's account in: only when no controller is there to be disturbed.

    Asterisk lets an account in once, so a login of ours would keep a controller out.
    """
    if alive.asterisk is None or alive.controller is not None or settings is None:
        return None
    try:
        secret = instance.secrets_for(["ami"])["ami"]
    except (OSError, ValueError) as error:
        return f"the password cannot be read: {error}"
    client = AmiClient(
        "127.0.0.1",
        settings.ami_port,
        "controller",
        secret,
        on_event=lambda _event: None,
        connect_timeout=1.0,
    )
    try:
        async with asyncio.timeout(ANSWERS_WITHIN):
            await client.connect()
            await client.close()
    except TimeoutError:
        return f"no answer within {ANSWERS_WITHIN:g} s"
    except AmiError as error:
        return str(error)
    return ""
