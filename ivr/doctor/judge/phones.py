"""Can the operators' phones be reached, and do the trunks stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Running"
SHOWN = 12  # names

NOT_REGISTERED = Trouble(
    "phones-unreachable", AREA, "phones", "warning",
    "signed in, but without a registered phone: {operators}",
    "on the phone: registrar {registrar}, account and password from ./hotline accounts --name {name}",
    "He is on duty in the hotline's eyes, and each call offered to him comes back.",
)  # fmt: skip
NOBODY = Trouble(
    "phones-none", AREA, "phones", "warning",
    "none of {count} operators' phones is registered",
    "on each phone: registrar {registrar}, account and password from ./hotline accounts --name {name}",
    "Callers wait until somebody registers and signs in.",
)  # fmt: skip
TRUNK_DOWN = Trouble(
    "trunk-down", AREA, "trunks", "error",
    "trunk {trunk} is not registered: {state}",
    "look at host, user and password (docs/trunks.md), and at {log}",
    "Calls to its numbers do not arrive.",
)  # fmt: skip
UNKNOWN = Trouble(
    "console-silent", AREA, "phones", "warning",
    "Asterisk's console does not answer: {why}",
    "run this as '{user}', whom Asterisk runs as, or as root",
    "Which phones are registered is asked there.",
)  # fmt: skip
TROUBLES = (NOT_REGISTERED, NOBODY, TRUNK_DOWN, UNKNOWN)


@dataclass(frozen=True)
class PhoneFacts:
    """operators: id -> his phone is registered. on_duty: those signed in. trunks: name -> state, of those
    that register. silent: why the console did not answer, "" when it did.
    """

    name: str
    registrar: str
    operators: dict[str, bool]
    on_duty: frozenset[str] = frozenset()
    trunks: dict[str, str] | None = None
    switch_log: str = ""
    silent: str = ""
    user: str = ""


def judge(seen: PhoneFacts) -> Iterator[Finding]:
    if seen.silent:
        yield UNKNOWN(why=seen.silent, user=seen.user)
        return
    here = [one for one, registered in seen.operators.items() if registered]
    lost = sorted(one for one in seen.on_duty if not seen.operators.get(one, True))
    if lost:
        yield NOT_REGISTERED(operators=", ".join(lost), registrar=seen.registrar, name=seen.name)
    elif not here:
        yield NOBODY(count=len(seen.operators), registrar=seen.registrar, name=seen.name)
    else:
        away = len(seen.operators) - len(here)
        names = ", ".join(here[:SHOWN]) + (" …" if len(here) > SHOWN else "")
        sentence = f"{len(here)} of {len(seen.operators)} operators' phones are registered ({names})"
        yield well(AREA, "phones", sentence + ("; the others are off duty" if away else ""))
    for trunk, state in (seen.trunks or {}).items():
        if state == "Registered":
            yield well(AREA, "trunks", f"{trunk} is registered")
        else:
            yield TRUNK_DOWN(trunk=trunk, state=state, log=seen.switch_log)
