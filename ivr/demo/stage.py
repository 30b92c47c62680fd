"""The demonstration's own site: the example, open at any hour, with as many operators as were asked for."""

from __future__ import annotations

import shutil
import socket
from itertools import cycle
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

RTP_PORTS = 400
RTP_FROM, RTP_BELOW = 12000, 19600  # below the softphones' own ports
CALLER_ACCOUNTS = 12


def prepare_site(example: Path, folder: Path, operators: int) -> Path:
    """Copies the example's folder and changes what a play needs. Returns the new site file."""
    shutil.copytree(example.parent, folder, dirs_exist_ok=True)
    path = folder / example.name
    yaml = YAML()
    site: dict[str, Any] = yaml.load(path.read_text("utf-8"))
    for hours in site["hours"].values():
        hours.clear()
        hours["weekly"] = {"mon-sun": "00:00-24:00"}
    site["operators"] = staffed(site["operators"], operators)
    first = free_rtp_block()
    site["telephony"]["sip"] = {"bind": "127.0.0.1", "port": free_udp_port()}
    site["telephony"]["rtp"] = {"from": first, "to": first + RTP_PORTS - 1}
    site["telephony"]["callers"] = [f"caller{number + 1}" for number in range(CALLER_ACCOUNTS)]
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(site, file)
    return path


def staffed(operators: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """So many operators, each a copy of the example's in turn; when they are fewer, the last can do all the rest."""
    chosen = [
        {
            **one,
            "id": f"op{index + 1}",
            "name": one["name"] if index < len(operators) else f"{one['name']} {index + 1}",
        }
        for index, one in zip(range(count), cycle(operators), strict=False)
    ]
    last = chosen[-1]
    for one in operators[count - 1 :]:
        last["lines"] = sorted({*last["lines"], *one["lines"]})
        last["skills"] = {
            skill: max(last["skills"].get(skill, 0), level)
            for skill, level in {**last["skills"], **one["skills"]}.items()
        }
    return chosen


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def free_rtp_block() -> int:
    """The first port of a block for the voice that nobody uses now. Raises OSError when there is none."""
    for first in range(RTP_FROM, RTP_BELOW, RTP_PORTS):
        if all(_is_free(port) for port in range(first, first + RTP_PORTS, 2)):
            return first
    raise OSError(
        f"no {RTP_PORTS} free UDP ports between {RTP_FROM} and {RTP_BELOW}; another demo may use them"
    )


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
