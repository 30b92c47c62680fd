"""One process with a few softphones: commands come in on stdin, events go out on stdout, a JSON object per line.

It never outlives its parent: it leaves at the end of stdin and on SIGTERM, which the kernel sends when the parent
dies, and an alarm clock ends it should it hang.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import time
from contextlib import suppress

from softphone_sim.phone import Softphones, Start, Stop
from softphone_sim.pjsua_phone import PjsuaPhones
from softphone_sim.wire import Lines, event_line, read_command

POLL = 0.01
DEAD_MAN = 15
"""Seconds without a sign of life after which the kernel ends the process."""

GOODBYE = 5
"""Seconds for hanging up and unregistering."""

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Be the worker process until told to leave."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which tells us
    leaving = _Leaving()
    signal.signal(signal.SIGTERM, leaving)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    events = os.dup(1)
    os.dup2(2, 1)  # what the library prints must not get between the events
    work = Work(0, events)
    try:
        wound = 0.0
        while not leaving.asked and work.turn():
            if time.monotonic() - wound > 1:
                wound = time.monotonic()
                signal.alarm(DEAD_MAN)
    finally:
        signal.alarm(GOODBYE)
        with suppress(BrokenPipeError):
            work.close()


class _Leaving:
    """A signal handler that only takes note: an exception inside a pjsua callback would be the end."""

    asked = False

    def __call__(self, _signal: int, _frame: object) -> None:
        self.asked = True


class Work:
    """Reads commands, lets the phones live, writes events. commands, events: file descriptors."""

    def __init__(self, commands: int, events: int) -> None:
        self._commands, self._events = commands, events
        self._lines = Lines()
        self._phones: Softphones | None = None

    def turn(self) -> bool:
        """One round of at most a hundredth of a second once there are phones. False: it is time to leave."""
        wait = 0 if self._phones else 0.5
        if select.select([self._commands], [], [], wait)[0]:
            data = os.read(self._commands, 65536)
            if not data or not all(self._obey(line) for line in self._lines.feed(data)):
                return False
        if self._phones:
            for event in self._phones.poll(POLL):
                os.write(self._events, event_line(event))
        return True

    def _obey(self, line: bytes) -> bool:
        command = read_command(line)
        if isinstance(command, Stop):
            return False
        if isinstance(command, Start):
            self._phones = PjsuaPhones(command)
        elif self._phones is None:
            raise ValueError("the first command must be start")
        else:
            self._phones.do(command)
        return True

    def close(self) -> None:
        """Hang up, unregister, and tell what happened meanwhile."""
        if self._phones:
            for event in self._phones.close():
                os.write(self._events, event_line(event))


if __name__ == "__main__":
    main()
