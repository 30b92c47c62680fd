"""Events a second through the manager client, as a ratio to bare panoramisk on the same stream in the same run.

    python -m benchmarks.ami_client [--calls N] [--rounds N] [--json]

A process of its own plays Asterisk on a loopback socket: it takes the login, and at a Ping it sends the events
of so many calls. The two clients take turns on the same bytes; medians are compared. Exit code 1 below 0.7.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import multiprocessing
import socket
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Mapping

from panoramisk import Manager

from ivr.asterisk.ami_client import AmiClient

ENOUGH = 0.7
LAST = "UserEvent: EndOfStream"
Spent = tuple[float, float]  # seconds by the clock, seconds of CPU


def channel(call: int, prefix: str = "", name: str = "PJSIP/caller1") -> str:
    headers = {
        "Channel": f"{name}-{call:08x}",
        "ChannelState": "6",
        "ChannelStateDesc": "Up",
        "CallerIDNum": f"{call:07d}",
        "CallerIDName": "Ёжик",
        "ConnectedLineNum": "<unknown>",
        "ConnectedLineName": "<unknown>",
        "Language": "ru",
        "AccountCode": "1000",
        "Context": "hotline",
        "Exten": "call",
        "Priority": "3",
        "Uniqueid": f"hotline-1795369755.{call}",
        "Linkedid": f"hotline-1795369755.{call}",
    }
    return "".join(f"{prefix}{key}: {value}\r\n" for key, value in headers.items())


def call_events(call: int) -> list[str]:
    """One call's events as the controller's include filter lets them through."""
    caller, phone = channel(call), channel(call, name="PJSIP/op1")
    dest = channel(call, "Dest", "PJSIP/op1")
    bridge = "BridgeUniqueid: 5f1c\r\nBridgeType: basic\r\nBridgeTechnology: simple_bridge\r\nBridgeNumChannels: 2\r\n"
    env = "Env: " + "".join(f"agi_header_{n}%3A%20value%20{n}%0A" for n in range(20)) + "\r\n"
    bodies = [
        ("AsyncAGIStart", caller + env),
        (
            "AsyncAGIExec",
            caller + f"CommandId: agi/{call}/1\r\nResult: 200%20result%3D0%20endpos%3D8000%0A\r\n",
        ),
        ("DTMFEnd", caller + "Digit: 2\r\nDurationMs: 100\r\nDirection: Received\r\n"),
        ("AsyncAGIExec", caller + f"CommandId: agi/{call}/2\r\nResult: 200%20result%3D0%0A\r\n"),
        ("AsyncAGIEnd", caller),
        ("DialBegin", caller + dest + "DialString: op1\r\n"),
        ("DialEnd", caller + dest + "DialStatus: ANSWER\r\n"),
        ("BridgeEnter", bridge + phone),
        ("BridgeEnter", bridge + caller),
        ("BridgeLeave", bridge + phone),
        ("BridgeLeave", bridge + caller),
        ("Hangup", phone + "Cause: 16\r\nCause-txt: Normal Clearing\r\n"),
        ("Hangup", caller + "Cause: 16\r\nCause-txt: Normal Clearing\r\n"),
    ]
    return [
        f"Event: {name}\r\nPrivilege: call,all\r\nSystemName: hotline\r\n{body}\r\n" for name, body in bodies
    ]


def stream(calls: int) -> tuple[bytes, int]:
    """The bytes, and how many events they are."""
    events = [event for call in range(calls) for event in call_events(call)]
    events.append(f"Event: UserEvent\r\nPrivilege: user,all\r\n{LAST}\r\n\r\n")
    return "".join(events).encode(), len(events)


def play_asterisk(listener: socket.socket, data: bytes) -> None:
    """One client after another, until it is killed."""
    while True:
        connection, _ = listener.accept()
        connection.sendall(b"Asterisk Call Manager/11.0.0\r\n")
        unread = b""
        while received := received_from(connection):
            *actions, unread = (unread + received).split(b"\r\n\r\n")
            for action in actions:
                number = next(line for line in action.split(b"\r\n") if line.startswith(b"ActionID"))
                connection.sendall(b"Response: Success\r\n" + number + b"\r\n\r\n")
                if b"Action: Ping" in action:
                    connection.sendall(data)


def received_from(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


class Heard:
    """Counts events; `ended` is set by the last one of the stream."""

    def __init__(self) -> None:
        self.count = 0
        self.ended = asyncio.Event()

    def event(self, event: Mapping[str, str]) -> None:
        self.count += 1
        if event["Event"] == "UserEvent":
            self.ended.set()


async def ours(port: int) -> tuple[Heard, Spent]:
    heard = Heard()
    client = AmiClient("127.0.0.1", port, "u", "s", on_event=heard.event, ping_every=3600)
    await client.connect()
    spent = await timed(lambda: client.action("Ping", timeout=600), heard)
    await client.close()
    return heard, spent


async def bare(port: int) -> tuple[Heard, Spent]:
    heard = Heard()
    manager = Manager(host="127.0.0.1", port=port, username="u", secret="s", ping_delay=3600)  # noqa: S106
    manager.register_event("*", lambda manager, event: heard.event(event))
    await manager.connect()
    await manager.authenticated_future
    spent = await timed(lambda: manager.send_action({"Action": "Ping"}, as_list=False), heard)
    manager.close()
    return heard, spent


async def timed(ask: Callable[[], Awaitable[object]], heard: Heard) -> Spent:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    await ask()
    await heard.ended.wait()
    return time.perf_counter() - wall, time.process_time() - cpu


async def measure(port: int, rounds: int, events: int) -> dict[str, float]:
    """The clients in turn; the first round only warms up."""
    runs: dict[str, list[Spent]] = {"ours": [], "bare": []}
    for turn in range(rounds + 1):
        for name, client in (("ours", ours), ("bare", bare)):
            heard, spent = await client(port)
            assert heard.count == events, f"{name} heard {heard.count} of {events} events"
            if turn:
                runs[name].append(spent)
    wall, cpu = ({name: statistics.median(run[of] for run in runs[name]) for name in runs} for of in (0, 1))
    return {
        "events": events,
        "rounds": rounds,
        "ours_events_per_second": round(events / wall["ours"]),
        "bare_events_per_second": round(events / wall["bare"]),
        "ratio": wall["bare"] / wall["ours"],
        "ratio_by_cpu": cpu["bare"] / cpu["ours"],
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)  # panoramisk reports every link that is closed
    with socket.create_server(("127.0.0.1", 0)) as listener:
        data, events = stream(asked.calls)
        asterisk = multiprocessing.Process(target=play_asterisk, args=(listener, data), daemon=True)
        asterisk.start()
        found = asyncio.run(measure(listener.getsockname()[1], asked.rounds, events))
        asterisk.kill()
        asterisk.join()
    if asked.json:
        print(json.dumps(found, indent=1))
    else:
        print(
            f"{found['events']} events, {len(data) / events:.0f} bytes each, median of {asked.rounds} rounds"
        )
        print(
            f"ours / bare panoramisk: {found['ratio']:.2f} by the clock, {found['ratio_by_cpu']:.2f} by CPU time"
        )
        print(f"events/s here: {found['ours_events_per_second']:,} / {found['bare_events_per_second']:,}")
    return 0 if found["ratio"] >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
