"""What the logs complained about in the last hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Running"
MINUTES = 60

DIED = Trouble(
    "parts-died", AREA, "log", "warning",
    "a part died in the last hour and was started again: {times}",
    "see {file}",
    "Talks survive a controller's death, no call survives Asterisk's.",
)  # fmt: skip
ERRORS = Trouble(
    "log-errors", AREA, "log", "warning",
    "{errors} in the last hour in {file}, most often ({often}): {what}",
    "read {file}; ./hotline call --last 10 --name {name} shows what became of the calls",
    "An error in the log is something that went wrong and was survived.",
)  # fmt: skip
TROUBLES = (DIED, ERRORS)


@dataclass(frozen=True)
class LogFacts:
    """One log's errors of the last hour. most_often: (sentence, times), None when there are none.

    died: how often the keeper had to start something again.
    """

    name: str
    file: str
    errors: int
    most_often: tuple[str, int] | None = None
    died: int = 0


def times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def judge(seen: LogFacts) -> Iterator[Finding]:
    if seen.died:
        yield DIED(times=times(seen.died), file=seen.file)
    if seen.errors and seen.most_often:
        what, often = seen.most_often
        errors = "1 error" if seen.errors == 1 else f"{seen.errors} errors"
        yield ERRORS(errors=errors, file=seen.file, often=times(often), what=what, name=seen.name)


def judge_all(logs: tuple[LogFacts, ...]) -> Iterator[Finding]:
    found = [finding for log in logs for finding in judge(log)]
    yield from found
    if logs and not found:
        yield well(AREA, "log", "no errors in the last hour")
