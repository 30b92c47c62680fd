"""Whether callers who speak are understood: models, and the workers that use them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Speech"

MODEL = Trouble(
    "speech-model", AREA, "models", "warning",
    "{fault}",
    "./hotline models shows which there are; name one in the site file: speech.models",
    "A language without a model that can be loaded has menus by key only.",
)  # fmt: skip
AWAY = Trouble(
    "speech-worker-away", AREA, "workers", "warning",
    "the speech worker at {address} is not there",
    "{cure}",
    "Callers are served by key until it is back.",
)  # fmt: skip
FULL = Trouble(
    "speech-full", AREA, "workers", "warning",
    "{count} callers since the start were served by key because every worker was full",
    "give it processors (speech.threads) or workers on other hosts (speech.workers); ./hotline load speech measures",
    "They could not say what they needed.",
)  # fmt: skip
SECRET = Trouble(
    "speech-secret", AREA, "workers", "warning",
    "{why}",
    "write the secret that the workers were given into that file, readable by its owner only",
    "Without it no worker lets the controller in, and callers are served by key.",
)  # fmt: skip
TROUBLES = (MODEL, AWAY, FULL, SECRET)


@dataclass(frozen=True)
class WorkerSeen:
    """address: as people write it. own: kept beside the controller."""

    address: str
    own: bool
    there: bool


@dataclass(frozen=True)
class SpeechFacts:
    """on: callers are to be listened to. models: language -> name, those that can be used. faults: of the
    others. secret: why it cannot be read, "" when it can. workers: as the controller sees them; none while
    nothing runs. full: callers served by key because workers were full. log: of our own worker.
    """

    on: bool
    models: tuple[tuple[str, str], ...] = ()
    faults: tuple[str, ...] = ()
    secret: str = ""
    workers: tuple[WorkerSeen, ...] = ()
    full: int = 0
    log: str = ""


def judge(seen: SpeechFacts) -> Iterator[Finding]:
    if not seen.on:
        yield well(AREA, "models", "speech is off: menus by key")
        return
    for fault in seen.faults:
        yield MODEL(fault=fault)
    for language, model in seen.models:
        yield well(AREA, "models", f"{language}: {model} can be used")
    if seen.secret:
        yield SECRET(why=seen.secret)
    for worker in seen.workers:
        yield from _worker(worker, seen.log)
    if seen.full:
        yield FULL(count=seen.full)


def _worker(worker: WorkerSeen, log: str) -> Iterator[Finding]:
    if worker.there:
        yield well(AREA, "workers", f"{worker.address} listens")
        return
    cure = f"see {log}; the keeper starts it again by itself" if worker.own else (
        "start it there; look at its address, its secret and the firewalls between"
    )  # fmt: skip
    yield AWAY(address=worker.address, cure=cure)
