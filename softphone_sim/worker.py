"""One process with a few softphones: commands come in on stdin, events go out on stdout, a JSON object per line.

It never outlives its parent: it leaves on the end of stdin, on SIGTERM, which the kernel sends when the parent dies,
and the alarm clock ends it if it should hang.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import time

from softphone_sim.phone import Softphones, Start, Stop
from softphone_sim.pjsua_phone import PjsuaPhones
from softphone_sim.wire import Lines, event_line, read_command

POLL = 0.01
DEAD_MAN = 15
"""Seconds without a sign of life after which the kernel ends the process."""

_PR_SET_PDEATHSIG = 1


class _Leaving(Exception):
    pass


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle; it tells us
    signal.signal(signal.SIGTERM, _leave)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    out = os.dup(1)
    os.dup2(2, 1)  # whatever the library prints must not get between the events
    try:
        _serve(0, out)
    except _Leaving:
        pass


def _leave(_signal: int, _frame: object) -> None:
    raise _Leaving


def _serve(commands: int, events: int) -> None:
    lines = Lines()
    phones: Softphones | None = None
    wound = 0.0
    try:
        while True:
            if time.monotonic() - wound > 1:
                wound = time.monotonic()
                signal.alarm(DEAD_MAN)
            wait = 0 if phones else 1
            if select.select([commands], [], [], wait)[0]:
                data = os.read(commands, 65536)
                if not data:
                    return
                for line in lines.feed(data):
                    command = read_command(line)
                    if isinstance(command, Stop):
                        return
                    if isinstance(command, Start):
                        phones = PjsuaPhones(command)
                    elif phones:
                        phones.do(command)
            if phones:
                for event in phones.poll(POLL):
                    os.write(events, event_line(event))
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.alarm(5)
        if phones:
            for event in phones.close():
                os.write(events, event_line(event))


if __name__ == "__main__":
    main()
