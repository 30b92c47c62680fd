"""`./hotline top`: a running hotline's queues and operators, live in the terminal."""

from __future__ import annotations

import asyncio
import json as jsons
import sys
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from ivr.control_socket import NotRunning, connected
from ivr.instance import Instance
from ivr.live_table import hears, operators_table, speech_line, title_in, topics_table

EVERY = 1.0  # seconds


def run_top(name: str, json: bool, language: str) -> int:
    """Until Ctrl-C; with json, or when the output is no terminal, one picture."""
    try:
        return asyncio.run(_run(Instance.named(name), json, language))
    except NotRunning as error:
        print(f"hotline: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


async def _run(instance: Instance, json: bool, language: str) -> int:
    console = Console()
    async with connected(instance.socket) as client:
        figures = await client.ask("figures")
        if json:
            print(jsons.dumps(figures, ensure_ascii=False))
        elif not console.is_terminal:
            console.print(picture(figures, language))
        else:
            with Live(picture(figures, language), console=console, screen=True) as screen:
                while True:
                    await asyncio.sleep(EVERY)
                    screen.update(picture(await client.ask("figures"), language))
    return 0


def picture(figures: dict[str, Any], language: str) -> Group:
    """The whole screen. What is wrong comes first, in red."""
    calls = figures["calls"]
    waiting = sum(topic["waiting"] for topic in figures["topics"])
    longest = max((topic["longest_wait"] for topic in figures["topics"]), default=0.0)
    head = Text.assemble(
        (title_in(figures["name"], language), "bold"),
        f"   calls {sum(calls.values())}: ",
        ", ".join(f"{place} {count}" for place, count in sorted(calls.items())) or "none",
        f"   waiting {waiting}" + (f", longest {longest:.0f} s" if waiting else ""),
    )
    parts: list[Any] = [head]
    if not figures["switch"]:
        parts.append(Text("No link to Asterisk: calls go on, nobody is distributed.", "bold red"))
    if figures["journal_failing"]:
        behind = figures["journal_behind"]
        parts.append(
            Text(f"The journal cannot be written, {behind} entries wait: {figures['journal_failing']}", "red")
        )
    parts.append(
        Text(f"speech: {speech_line(figures['speech'])}", "" if hears(figures["speech"]) else "yellow")
    )
    return Group(*parts, Text(), topics_table(figures, language), Text(), operators_table(figures))
