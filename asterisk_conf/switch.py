"""One running Asterisk: started so that it outlives the controller, found again, and stopped."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path
from typing import Any

import psutil
import structlog

from asterisk_conf.installation import Installation
from asterisk_conf.lint import lint
from asterisk_conf.owner import Owner, choose_owner, hand_over, raise_file_limit
from asterisk_conf.plan import SwitchPlan
from asterisk_conf.ports import holder_of, tcp_port_free, udp_port_free
from asterisk_conf.problem import Problem
from asterisk_conf.process import Instance
from asterisk_conf.render import render, write

log = structlog.get_logger(__name__)

LOG_LINES = 12
POLL = 0.05  # seconds
CLI_TIMEOUT = 10.0
PATIENCE_STOP, PATIENCE_TERM, PATIENCE_KILL = 6.0, 3.0, 2.0


class StartFailed(RuntimeError):
    """Asterisk did not start: why, whose fault it is, and the last lines of its own log."""


class Refused(StartFailed):
    """The rendered files break a rule of the linter: a fault of ours or of the site file, not of Asterisk."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(["the switch is not started:", *map(str, problems)]))
        self.problems = problems


class Switch:
    """The instance in `home`, running or not. It may have been started by another process: it is found again.

    home: as in its SwitchPlan. project: whose owner Asterisk runs as when the controller is root.
    """

    def __init__(self, home: Path, installation: Installation, *, project: Path) -> None:
        self.home = home
        self.installation = installation
        self.project = project
        self._config = home / "etc/asterisk.conf"
        self._instance = Instance(home / "run/instance.pid", str(self._config))
        self._log = home / "log/messages.log"
        self._child: subprocess.Popen[bytes] | None = None
        self._log_from = 0

    @property
    def pid(self) -> int | None:
        """Its process, None when it does not run."""
        process = self._instance.find()
        return process.pid if process else None

    async def start(self, plan: SwitchPlan) -> None:
        """Writes the files and starts; `wait_booted` tells when it takes calls.

        Raises Refused, StartFailed, BadSetting.
        """
        if plan.home != self.home:
            raise ValueError(f"the plan is for {plan.home}, this switch is {self.home}")
        starting = asyncio.ensure_future(asyncio.to_thread(self._start, plan))
        try:
            await asyncio.shield(starting)
        except asyncio.CancelledError:
            # a thread cannot be called off: let it finish, then undo it
            await asyncio.wait([starting])
            await self.stop()
            raise

    def _start(self, plan: SwitchPlan) -> None:
        if self.pid is not None:
            raise StartFailed(f"it runs already (pid {self.pid}); stop it first: ./hotline down")
        files = render(plan)
        if problems := lint(files):
            raise Refused(problems)
        _ports_free(plan)
        needs = (self.installation.modules, self.installation.data, plan.sounds, plan.music)
        owner = choose_owner(self.project, self.home, needs)
        if owner.warning:
            log.warning("the switch runs as root", why=owner.warning)
        write(plan, files)
        raise_file_limit(plan.max_files)
        self._log_from = self._log.stat().st_size if self._log.exists() else 0
        console = self.home / "log/console.log"
        with console.open("wb") as output:
            hand_over(self.home, owner)
            self._child = self._spawn(output.fileno(), owner)
        self._instance.remember(self._child.pid)

    def _spawn(self, output: int, owner: Owner) -> subprocess.Popen[bytes]:
        who: dict[str, Any] = (
            {} if owner.uid is None else {"user": owner.uid, "group": owner.gid, "extra_groups": []}
        )
        try:
            return subprocess.Popen[bytes](
                [*self.installation.argv, "-C", str(self._config), "-f"],
                cwd=self.home,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.home), "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # it outlives the controller, and Ctrl-C is not for it
                umask=0o027,
                **who,
            )
        except OSError as error:
            raise StartFailed(f"the Asterisk program cannot be run: {error}") from error

    async def wait_booted(self, timeout: float = 30.0, *, plan: SwitchPlan | None = None) -> None:  # noqa: ASYNC109
        """Returns when it takes calls; with a plan, when it also listens where the plan says.

        timeout: seconds. Raises StartFailed; an instance that did not come up is stopped.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (self.home / "run/asterisk.ctl").exists() or not await self._booted():
                    if self.pid is None:
                        raise StartFailed(self._told("Asterisk ended while it started"))
                    await asyncio.sleep(POLL)
        except TimeoutError:
            await self.stop()
            raise StartFailed(self._told(f"Asterisk did not come up within {timeout:g} s")) from None
        if plan is not None and (deaf := self._deaf(plan)):
            await self.stop()
            raise StartFailed(self._told(f"Asterisk does not listen on {deaf}"))

    async def _booted(self) -> bool:
        try:
            return "fully booted" in await self.cli("core waitfullybooted")
        except (OSError, subprocess.SubprocessError):
            return False

    def _deaf(self, plan: SwitchPlan) -> str:
        """Asterisk goes on without a port it cannot have: ask the kernel, not Asterisk."""
        process = self._instance.find()
        if process is None:
            return "anything: it ended"
        heard = {(c.type, c.laddr.port) for c in process.net_connections("inet") if c.laddr and not c.raddr}
        wanted = {("udp", plan.sip_port): "SIP port", ("tcp", plan.manager.port): "AMI port"}
        kinds = {1: "tcp", 2: "udp"}
        heard_names = {(kinds[int(kind)], port) for kind, port in heard}
        return ", ".join(
            f"{what} {port}" for (kind, port), what in wanted.items() if (kind, port) not in heard_names
        )

    async def cli(self, command: str) -> str:
        """What its console answers to one command. Raises SubprocessError when it does not run or hangs."""
        argv = [*self.installation.argv, "-C", str(self._config), "-rx", command]
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd="/",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            said, _ = await asyncio.wait_for(process.communicate(), CLI_TIMEOUT)
        except TimeoutError:
            raise subprocess.TimeoutExpired(command, CLI_TIMEOUT) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        text = said.decode("utf-8", "replace")
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command, text)
        return text

    async def stop(self) -> None:
        """Ends it with every call it has: politely, then SIGTERM, then SIGKILL."""
        process = self._instance.find()
        if process is not None:
            try:
                await self.cli("core stop now")
            except (OSError, subprocess.SubprocessError):
                log.info("the switch does not answer its console", pid=process.pid)
            await self._end(process)
        if self._child is not None:
            await asyncio.to_thread(self._child.wait)
            self._child = None
        self._instance.forget()

    async def _end(self, process: psutil.Process) -> None:
        for then, patience in (
            (process.terminate, PATIENCE_STOP),
            (process.kill, PATIENCE_TERM),
            (None, PATIENCE_KILL),
        ):
            if await self._gone(process, patience):
                return
            if then is not None:
                log.warning("the switch does not end by itself", pid=process.pid, next=then.__name__)
                try:
                    then()
                except psutil.NoSuchProcess:
                    return
        raise RuntimeError(f"Asterisk (pid {process.pid}) cannot be ended")

    async def _gone(self, process: psutil.Process, patience: float) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + patience
        while loop.time() < until:
            if self._child is not None:
                self._child.poll()
            if self._instance.find(process.pid) is None:
                return True
            await asyncio.sleep(POLL)
        return False

    def _told(self, sentence: str) -> str:
        """The sentence, and what Asterisk's own log says of this start."""
        lines = [
            line for line in self._log_lines() if "ERROR" in line or "WARNING" in line
        ] or self._log_lines()
        return "\n".join([f"{sentence}; its log ({self._log}) says:", *lines[-LOG_LINES:]])

    def _log_lines(self) -> list[str]:
        said = b""
        for file, start in ((self.home / "log/console.log", 0), (self._log, self._log_from)):
            if file.exists():
                said += file.read_bytes()[start:]
        return said.decode("utf-8", "replace").splitlines()


def _ports_free(plan: SwitchPlan) -> None:
    wanted = (
        ("SIP", "udp", plan.sip_bind, plan.sip_port, udp_port_free),
        ("AMI", "tcp", plan.manager.bind, plan.manager.port, tcp_port_free),
    )
    for what, kind, address, port, is_free in wanted:
        if not is_free(address, port):
            raise StartFailed(
                f"{what} port {port} ({kind}, {address}) is taken by {holder_of(kind, port)}; "
                "end that program or choose another port in the site file"
            )
