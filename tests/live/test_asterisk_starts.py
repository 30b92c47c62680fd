"""A real Asterisk starts from our files, takes a login, refuses strangers, and is gone when it was stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from asterisk_conf.plan import Manager, SwitchPlan
from asterisk_conf.ports import tcp_port_free, udp_port_free
from asterisk_conf.runtime import Installation, Refused, StartFailed, Switch, find
from tests.asterisk_conf.plans import MANAGER_SECRET, plan
from tests.live import hotline_switch
from tests.live.hotline_switch import PROJECT, free_port

pytestmark = pytest.mark.live
BOOT = 30.0


@pytest.fixture(scope="module")
def installation() -> Installation:
    return find(PROJECT)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    with hotline_switch.open_folder() as folder:
        yield folder


@pytest.fixture
async def switches(installation: Installation) -> AsyncIterator[Callable[[SwitchPlan], Switch]]:
    """Makes switches, and ends each of them after the test."""
    made: list[Switch] = []

    def make(for_plan: SwitchPlan) -> Switch:
        made.append(Switch(for_plan.home, installation, project=PROJECT))
        return made[-1]

    yield make
    for switch in made:
        await switch.stop()


def plan_in(folder: Path, installation: Installation, **changes: object) -> SwitchPlan:
    (folder / "prompts").mkdir(exist_ok=True)
    return plan(
        **{
            "home": folder / "switch",
            "modules": installation.modules,
            "data": installation.data,
            "music": installation.music,
            "sounds": folder / "prompts",
            "sip_port": free_port(socket.SOCK_DGRAM),
            "manager": Manager(port=free_port(socket.SOCK_STREAM), secret=MANAGER_SECRET),
            **changes,
        }
    )


async def up(switch: Switch, for_plan: SwitchPlan) -> None:
    await switch.start(for_plan)
    await switch.wait_booted(BOOT, plan=for_plan)


async def ami(port: int, *actions: str) -> str:
    """What the manager port answers to these actions, until it closes or says goodbye."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with closing(writer):
        for action in (*actions, "Action: Logoff"):
            writer.write(action.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        await writer.drain()
        return (await asyncio.wait_for(reader.read(), 10)).decode()


def login(secret: str = MANAGER_SECRET) -> str:
    return f"Action: Login\nUsername: controller\nSecret: {secret}"


async def options(port: int, user: str) -> str:
    """First line of the answer to a SIP OPTIONS from a stranger, "" when there is none."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.bind(("127.0.0.1", 0))
        here = f"127.0.0.1:{sock.getsockname()[1]}"
        request = (
            f"OPTIONS sip:{user}@127.0.0.1:{port} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK-x\r\n"
            f"From: <sip:stranger@{here}>;tag=1\r\nTo: <sip:{user}@127.0.0.1>\r\nCall-ID: x@{here}\r\n"
            "CSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n"
        )
        await loop.sock_sendto(sock, request.encode(), ("127.0.0.1", port))
        try:
            return (await asyncio.wait_for(loop.sock_recv(sock, 4096), 2)).decode().splitlines()[0]
        except TimeoutError:
            return ""


async def test_it_starts_as_somebody_without_rights_and_its_log_has_no_complaint(
    open_folder, installation, switches
):
    here = plan_in(open_folder, installation)
    switch = switches(here)
    await up(switch, here)
    process = psutil.Process(switch.pid)
    assert process.uids().real != 0
    assert process.uids().effective != 0
    log = (here.home / "log/messages.log").read_text()
    assert "Asterisk" in log
    assert not [line for line in log.splitlines() if "ERROR" in line or "WARNING" in line]


async def test_it_listens_on_loopback_for_sip_and_the_controller_alone(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    switch = switches(here)
    await up(switch, here)
    heard = [c for c in psutil.Process(switch.pid).net_connections("inet") if not c.raddr]
    tcp = {(c.laddr.ip, c.laddr.port) for c in heard if c.type == socket.SOCK_STREAM}
    udp = {(c.laddr.ip, c.laddr.port) for c in heard if c.type == socket.SOCK_DGRAM}
    assert tcp == {("127.0.0.1", here.manager.port)}
    # res_pjsip asks name servers from a port of its own, one for IPv4 and one for IPv6; no setting turns it off
    asking = udp - {("127.0.0.1", here.sip_port)}
    assert len(asking) == len(udp) - 1 <= 2
    assert not {port for _, port in asking} & set(range(here.rtp_from, here.rtp_to))


async def test_the_controller_logs_in_and_nobody_else(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    await up(switches(here), here)
    assert "Authentication accepted" in await ami(here.manager.port, login())
    assert "Authentication failed" in await ami(here.manager.port, login("a guess"))


async def test_the_controllers_account_cannot_reach_the_machine(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    await up(switches(here), here)
    forbidden = (
        "Action: Command\nCommand: core show uptime",
        "Action: GetConfig\nFilename: manager.conf",
        "Action: UpdateConfig\nSrcFilename: manager.conf\nDstFilename: x",
        "Action: ModuleLoad\nModule: app_system.so\nLoadType: load",
        "Action: Reload",
        "Action: Originate\nChannel: Local/1000@in\nApplication: System\nData: true",
    )
    for action in forbidden:
        said = await ami(here.manager.port, login(), action)
        assert "Permission denied" in said or "Access Forbidden" in said, action


async def test_the_actions_the_controller_lives_by_are_there(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    await up(switches(here), here)
    needed = (
        *("AGI", "Redirect", "Hangup", "Originate", "ControlPlayback", "PlayDTMF", "AbsoluteTimeout"),
        *("CoreShowChannels", "Getvar", "Setvar", "Ping", "DeviceStateList"),
    )
    said = await ami(here.manager.port, login(), "Action: ListCommands")
    for action in needed:
        assert f"\n{action}: " in said.replace("\r", ""), action


async def test_a_stranger_is_not_told_that_anybody_is_here(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    await up(switches(here), here)
    for user in ("op1", "1000", "nobody"):
        assert "200" not in await options(here.sip_port, user)


async def test_from_an_address_in_nobodys_list_the_answer_is_forbidden(open_folder, installation, switches):
    elsewhere = tuple(replace(account, acl=("192.0.2.0/24",)) for account in plan().operators)
    here = plan_in(open_folder, installation, operators=elsewhere, callers=())
    await up(switches(here), here)
    assert await options(here.sip_port, "op1") == "SIP/2.0 403 Forbidden"


async def test_stopped_it_leaves_no_process_and_no_port_and_can_start_again(
    open_folder, installation, switches
):
    here = plan_in(open_folder, installation)
    switch = switches(here)
    for _ in range(2):
        await up(switch, here)
        pid = switch.pid
        assert pid is not None
        await switch.stop()
        assert switch.pid is None
        assert not psutil.pid_exists(pid)
        assert udp_port_free("127.0.0.1", here.sip_port)
        assert tcp_port_free("127.0.0.1", here.manager.port)
    await switch.stop()


async def test_another_process_finds_it_and_can_stop_it(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    await up(switches(here), here)
    other = switches(here)
    pid = other.pid
    assert pid is not None
    (here.home / "run/instance.pid").unlink()
    assert other.pid == pid
    await other.stop()
    assert switches(here).pid is None


async def test_one_that_does_not_answer_is_ended_all_the_same(
    open_folder, installation, switches, monkeypatch
):
    monkeypatch.setattr("asterisk_conf.switch.CLI_TIMEOUT", 0.5)
    monkeypatch.setattr("asterisk_conf.switch.PATIENCE_STOP", 0.2)
    monkeypatch.setattr("asterisk_conf.switch.PATIENCE_TERM", 0.2)
    here = plan_in(open_folder, installation)
    switch = switches(here)
    await up(switch, here)
    os.kill(switch.pid, signal.SIGSTOP)
    await switch.stop()
    assert switch.pid is None


async def test_it_outlives_the_program_that_started_it(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    starter = (
        "import asyncio, pickle, sys\n"
        "from asterisk_conf.runtime import Switch\n"
        "here, installation, project = pickle.loads(sys.stdin.buffer.read())\n"
        "asyncio.run(Switch(here.home, installation, project=project).start(here))\n"
    )
    import pickle

    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", starter, cwd=PROJECT, stdin=asyncio.subprocess.PIPE
    )
    await process.communicate(pickle.dumps((here, installation, PROJECT)))
    assert process.returncode == 0
    switch = switches(here)
    await switch.wait_booted(BOOT, plan=here)
    assert "Authentication accepted" in await ami(here.manager.port, login())


async def test_two_run_side_by_side_one_of_them_under_a_name_with_spaces(open_folder, installation, switches):
    plans = []
    for name in ("one", "вторая линия"):
        (open_folder / name).mkdir()
        plans.append(plan_in(open_folder / name, installation))
    for here in plans:
        await up(switches(here), here)
    for here in plans:
        assert "Authentication accepted" in await ami(here.manager.port, login())
    pids = {Switch(here.home, installation, project=PROJECT).pid for here in plans}
    assert len(pids) == 2
    assert None not in pids


@pytest.mark.parametrize(("what", "kind"), [("SIP", socket.SOCK_DGRAM), ("AMI", socket.SOCK_STREAM)])
async def test_a_taken_port_is_named_with_its_holder(open_folder, installation, switches, what, kind):
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            holder.listen()
        port = holder.getsockname()[1]
        taken = {"SIP": {"sip_port": port}, "AMI": {"manager": Manager(port=port, secret=MANAGER_SECRET)}}[
            what
        ]
        here = plan_in(open_folder, installation, **taken)
        switch = switches(here)
        with pytest.raises(StartFailed, match=rf"{what} port {port} .* taken by .*\(pid {os.getpid()}\)"):
            await switch.start(here)
        assert switch.pid is None


async def test_a_second_start_beside_a_running_one_is_refused(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    await up(switches(here), here)
    with pytest.raises(StartFailed, match="runs already"):
        await switches(here).start(here)


async def test_files_the_linter_objects_to_are_not_started(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    everybody = replace(here.operators[0], acl=("0.0.0.0/0",))
    switch = switches(here)
    with pytest.raises(Refused, match="no-acl"):
        await switch.start(replace(here, operators=(everybody,)))
    assert not here.home.exists()


async def test_an_asterisk_that_ends_at_once_is_told_with_its_own_last_words(
    open_folder, installation, switches
):
    here = plan_in(open_folder, installation)
    switch = switches(here)
    await switch.start(replace(here, modules=open_folder / "no-modules"))
    with pytest.raises(StartFailed) as failed:
        await switch.wait_booted(BOOT, plan=here)
    assert "its log" in str(failed.value)
    assert switch.pid is None


async def test_under_a_folder_closed_to_others_it_runs_as_root_and_says_so(
    open_folder, installation, switches, capsys
):
    if os.geteuid() != 0:
        pytest.skip("only root has somebody else to start it as")
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    here = plan_in(closed, installation)
    switch = switches(here)
    await up(switch, here)
    assert psutil.Process(switch.pid).uids().real == 0
    assert capsys.readouterr().out.count("cannot reach") == 1


async def test_being_called_off_while_it_starts_leaves_nothing_running(open_folder, installation, switches):
    here = plan_in(open_folder, installation)
    switch = switches(here)
    starting = asyncio.create_task(switch.start(here))
    await asyncio.sleep(0)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert switch.pid is None
