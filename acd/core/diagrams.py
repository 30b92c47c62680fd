"""The state machines as a page for the docs: `python -m acd.core.diagrams > docs/state-machines.md`."""

from __future__ import annotations

from acd.core import call_state, operator_state
from acd.core.transitions import Table, mermaid


def page() -> str:
    """Both tables as Markdown, printed from what runs."""
    return "\n".join(
        [
            "# State machines of the dispatcher",
            "",
            "Printed from the tables that run (`acd/core/operator_state.py`, `acd/core/call_state.py`) by",
            "`python -m acd.core.diagrams > docs/state-machines.md`. A pair that is not in a table is an",
            "error of ours with a name, `ImpossibleTransitionError`; facts from outside never get that far.",
            "",
            *_section("An operator", operator_state.TABLE, operator_state.SIGNED_OUT),
            *_section("A call", call_state.TABLE, call_state.WAITING),
        ]
    )


def _section(title: str, table: Table, start: str) -> list[str]:
    rows = [f"| {state} | {event} | {then} |" for (state, event), then in table.items()]
    return [
        f"## {title}",
        "",
        "```mermaid",
        mermaid(table, start).rstrip(),
        "```",
        "",
        "| state | what happens | state after |",
        "| --- | --- | --- |",
        *rows,
        "",
    ]


if __name__ == "__main__":  # pragma: no cover - what it prints is tested
    print(page(), end="")
