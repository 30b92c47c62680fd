"""Every trouble the doctor knows, and the page about them: docs/doctor.md is made from here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from ivr.doctor import examine
from ivr.doctor.finding import AREAS, Trouble
from ivr.doctor.judge import (
    asterisk,
    capacity,
    clock,
    disk,
    logs,
    open_files,
    phones,
    ports,
    processes,
    prompts,
    records,
    rtp,
    secrets,
    site,
    speech,
)

BEGIN = "<!-- made by python -m ivr.doctor.catalogue: begin -->"
END = "<!-- end -->"
PAGE = Path(__file__).parents[2] / "docs" / "doctor.md"

TROUBLES: tuple[Trouble, ...] = (
    *site.TROUBLES,
    *asterisk.TROUBLES,
    *ports.TROUBLES,
    *rtp.TROUBLES,
    *prompts.TROUBLES,
    *speech.TROUBLES,
    *records.TROUBLES,
    *secrets.TROUBLES,
    *clock.TROUBLES,
    *disk.TROUBLES,
    *open_files.TROUBLES,
    *capacity.TROUBLES,
    *processes.TROUBLES,
    *phones.TROUBLES,
    *logs.TROUBLES,
    *examine.TROUBLES,
)


def shown(text: str) -> str:
    """A text with its places in capitals: "UDP {port} is taken" -> "UDP PORT is taken"."""
    return "".join(literal + (name or "").upper() for literal, name, _, _ in Formatter().parse(text))


def table() -> str:
    """All troubles by area, as Markdown."""
    return "\n".join(line for area in AREAS for line in _section(area))


def _section(area: str) -> Iterator[str]:
    yield from (
        "",
        f"### {area}",
        "",
        "| code | finding | cure | why it matters |",
        "| --- | --- | --- | --- |",
    )
    for one in TROUBLES:
        if one.area == area:
            mark = "**error**" if one.gravity == "error" else "warning"
            cells = (
                f"`{one.code}` {mark}",
                f"{one.what}: {shown(one.sentence)}",
                shown(one.cure),
                one.because,
            )
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def with_table(page: str) -> str:
    """The page with its table made anew between the two marks. Raises ValueError if it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError("the page has no marks for the table")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
