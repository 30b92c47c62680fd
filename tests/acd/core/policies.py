"""Rules of every kind, small enough for random events to meet in them."""

from __future__ import annotations

from acd.core.model import Line, Operator, Policy, Ring, Topic


def ring(after: float = 0.0, **needs: int) -> Ring:
    return Ring(after, needs)  # type: ignore[arg-type]


def rich(
    version: str = "1",
    *,
    ageing: float | None = None,
    wrap_up: float = 5.0,
    without: tuple[str, ...] = (),
    without_topics: tuple[str, ...] = (),
) -> Policy:
    """Two lines, the second regional; relaxing demands; languages; a limit; priorities."""
    topics = [
        Topic("medical", "first", (ring(medical=3), ring(10, medical=2), ring(25)), priority=1),
        Topic("general", "first", (ring(general=1),)),
        Topic("limited", "first", (ring(general=2),), queue_limit=1),
        Topic("pension", "second", (ring(pension=2), ring(20, pension=1))),
    ]
    lines = [
        Line("first", ring_timeout=15, wrap_up=wrap_up),
        Line("second", ring_timeout=10, wrap_up=0, regional=True, widen_after=30),
    ]
    operators = [
        Operator("anna", ("first",), {"medical": 3, "general": 1}),
        Operator("boris", ("first", "second"), {"medical": 2, "general": 2, "pension": 1}, ("ru",), "north"),
        Operator("vera", ("first",), {"general": 1}, ("ru", "en")),
        Operator("gleb", ("second",), {"pension": 2}, (), "south"),
        Operator("daria", ("second", "first"), {"pension": 2, "medical": 1}, ("en",), "north"),
        Operator("egor", ("second",), {"pension": 2}),
    ]
    return Policy(
        version,
        {t.id: t for t in topics if t.id not in without_topics},
        {line.id: line for line in lines},
        {o.id: o for o in operators if o.id not in without},
        ageing=ageing,
        wanted_operator_for=40,
    )


def site(
    *operators: Operator,
    topics: tuple[Topic, ...] = (),
    lines: tuple[Line, ...] = (),
    ageing: float | None = None,
    wanted_operator_for: float = 60.0,
    version: str = "1",
) -> Policy:
    """A site for one test: topic "help" on the line "first" unless told otherwise."""
    topics = topics or (Topic("help", "first", (ring(),)),)
    lines = lines or (Line("first", ring_timeout=15, wrap_up=5),)
    return Policy(
        version,
        {topic.id: topic for topic in topics},
        {line.id: line for line in lines},
        {operator.id: operator for operator in operators},
        ageing=ageing,
        wanted_operator_for=wanted_operator_for,
    )


def operator(
    id: str,
    *lines: str,
    languages: tuple[str, ...] = (),
    region: str | None = None,
    **skills: int,
) -> Operator:
    return Operator(id, lines or ("first",), skills, languages, region)  # type: ignore[arg-type]
