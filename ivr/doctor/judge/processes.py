"""The hotline's three processes: the keeper, Asterisk and the controller; and what is left of them when some died."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Running"
STARTS_WITHIN = 60.0  # seconds: a first start on a slow disk
SLOW = 1.0  # seconds to answer one question

Situation = Literal["stopped", "starting", "running", "broken"]

LEFT_BEHIND = Trouble(
    "left-behind", AREA, "hotline", "warning",
    "it does not run and was not stopped in order; left behind: {files}",
    "./hotline up {site} --name {name} replaces them",
    "The machine lost power, or the keeper was killed.",
)  # fmt: skip
ORPHAN = Trouble(
    "asterisk-orphan", AREA, "keeper", "error",
    "it is gone, but Asterisk lives on with its calls (pid {pid})",
    "./hotline up {site} --name {name}: it takes over the calls there are",
    "Talks go on, callers hear music, and nobody leads them on or starts again what dies.",
)  # fmt: skip
NO_ASTERISK = Trouble(
    "asterisk-dead", AREA, "Asterisk", "error",
    "the keeper runs (pid {keeper}), Asterisk does not: no call can come in",
    "the keeper tries again every 10 s; why it fails: {log}; if that does not help: "
    "./hotline down --name {name}; ./hotline up {site} --name {name}",
    "Asterisk died, and could not be started again.",
)  # fmt: skip
NO_CONTROLLER = Trouble(
    "controller-dead", AREA, "controller", "error",
    "the keeper runs (pid {keeper}), the controller does not: callers hear music, nobody is connected",
    "the keeper tries again every 10 s; why it fails: {log}",
    "Talks go on; callers wait until it is back.",
)  # fmt: skip
SILENT = Trouble(
    "controller-silent", AREA, "controller", "error",
    "it runs (pid {pid}) but does not answer",
    "kill -9 {pid}: the keeper starts another one, talks go on; why it hangs: {log}",
    "It hangs; after 20 s callers in the menu are given music by Asterisk.",
)  # fmt: skip
SLUGGISH = Trouble(
    "controller-slow", AREA, "controller", "warning",
    "it took {seconds:.1f} s to answer",
    "see what else takes this machine's processors or disk: top, iotop",
    "The same loop drives the calls: beyond 20 s without a heartbeat callers are given music.",
)  # fmt: skip
STARTING = Trouble(
    "starting", AREA, "hotline", "warning",
    "it is just starting ({what} is not there yet)",
    "ask again in a minute: ./hotline doctor --name {name}",
    "The keeper runs for less than a minute.",
)  # fmt: skip
NO_LINK = Trouble(
    "ami-link-down", AREA, "AMI", "error",
    "the controller has no connection to Asterisk's manager on port {port}",
    "it tries again by itself; if it lasts: ./hotline down --name {name}; ./hotline up {site} --name {name}",
    "Talks go on; no call is led through the menu or connected meanwhile.",
)  # fmt: skip
REFUSED = Trouble(
    "ami-refused", AREA, "AMI", "error",
    "Asterisk's manager on port {port}: {why}",
    "./hotline down --name {name}; ./hotline up {site} --name {name} writes its files anew",
    "Tried with the controller's account, because no controller is there to ask.",
)  # fmt: skip
MORE_THAN_EXPECTED = Trouble(
    "more-calls-than-expected", AREA, "calls", "warning",
    "{calls} calls at once, {expected} were expected",
    "raise telephony.expected_calls and telephony.rtp.to, and start the hotline again when it is quiet",
    "Ports, open files and Asterisk's own limit follow from the expected calls.",
)  # fmt: skip
STRAY = Trouble(
    "controller-stray", AREA, "controller", "error",
    "a controller is alive whose keeper is gone (pid {pids})",
    "kill {pids}",
    "It keeps the journal and the manager's account from the next one.",
)  # fmt: skip
TROUBLES = (
    LEFT_BEHIND, STRAY, ORPHAN, NO_ASTERISK, NO_CONTROLLER, SILENT, SLUGGISH, STARTING, NO_LINK, REFUSED,
    MORE_THAN_EXPECTED,
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What the controller said of itself, and after how many seconds."""

    took: float
    linked: bool
    calls: int


@dataclass(frozen=True)
class ProcessFacts:
    """keeper, asterisk, controller: pids; strays: of further controllers. keeper_age: seconds.

    leftovers: names of files of processes that
    are gone. login: "" when the manager let us in, None when it was not tried.
    """

    name: str
    site: str = ""
    keeper: int | None = None
    keeper_age: float = 0.0
    asterisk: int | None = None
    controller: int | None = None
    strays: tuple[int, ...] = ()
    answer: Answer | None = None
    leftovers: tuple[str, ...] = ()
    ami_port: int = 0
    login: str | None = None
    expected_calls: int = 0
    switch_log: str = ""
    controller_log: str = ""


def situation(seen: ProcessFacts) -> Situation:
    if seen.keeper is None:
        return "stopped" if seen.asterisk is None and seen.controller is None else "broken"
    if seen.asterisk is not None and seen.controller is not None and seen.answer is not None:
        return "running"
    return "starting" if seen.keeper_age < STARTS_WITHIN else "broken"


def judge(seen: ProcessFacts) -> Iterator[Finding]:
    if seen.keeper is None:
        yield from _without_keeper(seen)
    elif situation(seen) == "starting":
        missing = "the controller" if seen.asterisk is not None else "Asterisk"
        yield STARTING(what=missing, name=seen.name)
    else:
        yield well(AREA, "keeper", f"runs, pid {seen.keeper}")
        yield from _parts(seen)
    controllers = seen.strays if seen.keeper is not None else (seen.controller, *seen.strays)
    if lost := [str(pid) for pid in controllers if pid is not None]:
        yield STRAY(pids=" ".join(lost))
    if seen.answer is None and seen.login:
        yield REFUSED(port=seen.ami_port, why=seen.login, name=seen.name, site=seen.site)
    elif seen.answer is None and seen.login == "":
        yield well(AREA, "AMI", f"port {seen.ami_port} lets the controller's account in")


def _without_keeper(seen: ProcessFacts) -> Iterator[Finding]:
    if seen.asterisk is not None:
        yield ORPHAN(pid=seen.asterisk, name=seen.name, site=seen.site)
    elif seen.controller is not None:
        return
    elif seen.leftovers:
        yield LEFT_BEHIND(files=", ".join(seen.leftovers), name=seen.name, site=seen.site)
    else:
        yield well(AREA, "hotline", "does not run")


def _parts(seen: ProcessFacts) -> Iterator[Finding]:
    if seen.asterisk is None:
        yield NO_ASTERISK(keeper=seen.keeper, log=seen.switch_log, name=seen.name, site=seen.site)
    else:
        yield well(AREA, "Asterisk", f"runs, pid {seen.asterisk}")
    if seen.controller is None:
        yield NO_CONTROLLER(keeper=seen.keeper, log=seen.controller_log)
    elif seen.answer is None:
        yield SILENT(pid=seen.controller, log=seen.controller_log)
    else:
        yield from _answered(seen, seen.answer)


def _answered(seen: ProcessFacts, answer: Answer) -> Iterator[Finding]:
    if answer.took > SLOW:
        yield SLUGGISH(seconds=answer.took)
    else:
        sentence = f"runs, pid {seen.controller}, answers in {answer.took * 1000:.0f} ms"
        yield well(AREA, "controller", sentence)
    if not answer.linked:
        yield NO_LINK(port=seen.ami_port, name=seen.name, site=seen.site)
    else:
        yield well(AREA, "AMI", f"the controller is logged in on port {seen.ami_port}")
    if answer.calls > seen.expected_calls:
        yield MORE_THAN_EXPECTED(calls=answer.calls, expected=seen.expected_calls)
    else:
        yield well(
            AREA, "calls", f"{answer.calls} now, {seen.expected_calls} are expected at the busiest time"
        )
