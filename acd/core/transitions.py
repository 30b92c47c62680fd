"""A state machine is a table: (state, event) -> next state. A pair that is missing is a named error."""

from __future__ import annotations

from typing import NoReturn


class ImpossibleTransitionError(Exception):
    """The table has no such pair: a defect of the caller of the table, never of the outside world."""

    def __init__(self, state: str, event: str) -> None:
        super().__init__(f"nothing follows from {event!r} in state {state!r}")
        self.state = state
        self.event = event


class Table(dict[tuple[str, str], str]):
    """`table[state, event]` is the state that follows; a missing pair raises ImpossibleTransitionError."""

    def __missing__(self, pair: tuple[str, str]) -> NoReturn:
        raise ImpossibleTransitionError(*pair)


def mermaid(table: Table, start: str) -> str:
    """The table as a Mermaid state diagram; events that lead the same way share one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (state, event), then in table.items():
        arrows.setdefault((state, then), []).append(event)
    lines = ["stateDiagram-v2", f"    [*] --> {_name(start)}"]
    lines += [f"    {_name(a)} --> {_name(b)}: {', '.join(events)}" for (a, b), events in arrows.items()]
    return "\n".join(lines) + "\n"


def _name(state: str) -> str:
    return state.replace(" ", "_")
