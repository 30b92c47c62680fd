"""Bringing one hotline up and down from the command line."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from asterisk_conf.fetch import FetchFailed, fetch
from asterisk_conf.installation import NoAsterisk, find
from asterisk_conf.switch import Switch
from ivr.control_socket import NotRunning, connected
from ivr.instance import PROJECT, PROMPTS, Instance
from ivr.keeper import holder
from ivr.menus import Menus
from ivr.settings import Settings
from ivr.site import Site
from ivr.site_loading import Loaded
from ivr.speech_plan import speech_settings
from speech.recognition.models import PROOFS

READY_WITHIN = 60.0  # seconds: a first start on a slow disk
ENDS_WITHIN = 25.0
POLL = 0.05
MANAGER_PORTS = (20000, 30000)


class CannotStart(Exception):
    """The hotline did not come up; the text says why and what to do."""


def ensure_asterisk(progress: Callable[[str], None]) -> None:
    """The system's Asterisk, or a private one fetched now. Raises CannotStart."""
    try:
        find(PROJECT)
    except NoAsterisk:
        try:
            fetch(PROJECT, progress)
        except FetchFailed as error:
            raise CannotStart(str(error)) from None


def prepare_sounds(path: Path) -> Loaded:
    """Every prompt of the site, made before anything starts. Raises SiteUnusable, MenusRefused."""
    return asyncio.run(Menus(path, PROMPTS).load())


def free_port() -> int:
    """A TCP port for the manager that nobody has, below those the kernel gives to outgoing connections.

    Chosen by chance, so that two hotlines that start at once do not choose the same. Raises CannotStart.
    """
    for port in random.SystemRandom().sample(range(*MANAGER_PORTS), 200):
        with socket.socket() as sock:
            try:
                sock.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CannotStart("no TCP port is free between {} and {}".format(*MANAGER_PORTS))


def settings_of(site: Site, instance: Instance, proofs: Path | None = PROOFS) -> Settings:
    """Where this instance listens: as the site file says; the manager's port is our own affair.

    proofs: where it is kept that a speech model can be loaded; None only looks at its files.
    """
    telephony = site.telephony
    return Settings(
        site=site.path.resolve(),
        sip_bind=telephony.sip.bind,
        sip_port=telephony.sip.port,
        # An Asterisk that lost its keeper goes on with its calls: it is found again at the port it has.
        ami_port=Settings.read(instance).ami_port if orphan(instance) else free_port(),
        rtp_from=telephony.rtp.first,
        rtp_to=telephony.rtp.last,
        database=database_url(site, instance, "journal"),
        people=database_url(site, instance, "people"),
        speech=speech_settings(site, instance, proofs=proofs),
    )


def database_url(site: Site, instance: Instance, name: str) -> str:
    """The site's database; SQLite keeps a file for each part in the instance's folder."""
    return f"sqlite:///{instance.home / name}.sqlite" if site.database == "sqlite" else site.database


def start_keeper(instance: Instance) -> subprocess.Popen[bytes]:
    """The process that outlives this command and keeps Asterisk and the controller running."""
    with (instance.logs / "keeper.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "ivr.keeper", str(instance.home)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            cwd=PROJECT,
            start_new_session=True,
        )


async def wait_ready(instance: Instance, keeper: subprocess.Popen[bytes]) -> None:
    """Until it takes calls. Raises CannotStart with what the keeper said last."""
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if keeper.poll() is not None:
            raise CannotStart(last_words(instance))
        try:
            async with connected(instance.socket) as client:
                if (await client.ask("status")).get("ready"):
                    return
        except NotRunning:
            pass
        await asyncio.sleep(POLL)
    raise CannotStart(f"it was not ready within {READY_WITHIN:g} s; see {instance.logs}")


def last_words(instance: Instance) -> str:
    """What the keeper said before it ended."""
    log = instance.logs / "keeper.log"
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    said = [line for line in lines if line.startswith("hotline: ")]
    begin = lines.index(said[-1]) if said else max(0, len(lines) - 5)
    return "\n".join(lines[begin:]).removeprefix("hotline: ") or f"it ended at once; see {instance.logs}"


def stop(instance: Instance) -> bool:
    """End the hotline in this folder. False: none was running. Raises CannotStart when it will not end."""
    pid = holder(instance)
    if pid is None:
        return _stop_orphan(instance)
    process = psutil.Process(pid)
    os.kill(pid, signal.SIGTERM)
    try:
        process.wait(ENDS_WITHIN)
    except psutil.TimeoutExpired:
        raise CannotStart(
            f"the keeper (pid {pid}) does not end; see {instance.logs / 'keeper.log'}"
        ) from None
    return True


def orphan(instance: Instance) -> int | None:
    """The pid of an Asterisk that lives on without its keeper; None when there is none."""
    try:
        return Switch(instance.switch, find(PROJECT), project=PROJECT).pid
    except NoAsterisk:
        return None


def _stop_orphan(instance: Instance) -> bool:
    if orphan(instance) is None:
        return False
    asyncio.run(Switch(instance.switch, find(PROJECT), project=PROJECT).stop())
    return True
