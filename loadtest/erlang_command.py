"""`./hotline erlang b|c|a`: the closed forms, for a figure or for the staff that reaches it."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable

from loadtest import erlang_a_staffing, erlang_g
from loadtest.argument_checks import MOST_SERVERS, check_servers
from loadtest.erlang_a import Convention, ErlangA
from loadtest.erlang_answer import Answer, Figures, print_answer
from loadtest.erlang_b import erlang_b, load_for, trunks_for
from loadtest.erlang_c import ErlangC
from loadtest.erlang_g import ErlangG
from loadtest.staffing_formulas import offered_load, positions

_LOAD = "the load: --calls in an --interval of minutes, or --load in erlangs"


def run_erlang_b(
    load: float | None,
    calls: float | None,
    interval: float,
    aht: float | None,
    trunks: int | None,
    blocking: float | None,
    json: bool,
) -> int:
    """Two of load, trunks and blocking give the third.

    load: erlangs; or calls in an interval (minutes) of aht seconds each. blocking: share of calls lost.
    Returns 0; 1 with one sentence on stderr when the question makes no sense.
    """
    return _say(lambda: _answer_b(_load(load, calls, interval, aht), trunks, blocking), json)


def run_erlang_c(
    load: float | None,
    calls: float | None,
    interval: float,
    aht: float | None,
    servers: int | None,
    share: float,
    within: float,
    max_occupancy: float,
    cv: float,
    shrinkage: float | None,
    json: bool,
) -> int:
    """Waiting without abandonment, for these servers, or for the fewest that answer the share within so many seconds.

    load: erlangs; or calls in an interval (minutes). aht, within: seconds.
    cv: coefficient of variation of the handling time; 1 is Erlang C itself.
    Returns 0; 1 with one sentence on stderr when the question makes no sense.
    """

    def answer() -> Answer:
        handling = _given(aht, "the mean handling time: --aht SECONDS")
        offered = _given(_load(load, calls, interval, handling), _LOAD)
        count = servers
        if count is None:
            count = erlang_g.operators_for(offered, handling, cv, share, within, max_occupancy)
        queue = ErlangG(count, offered, handling, cv)
        _refuse_unstable(queue)
        figures = [_figures_c(ErlangG(n, offered, handling, cv), within, shrinkage) for n in _around(count)]
        title = "Erlang C" if cv == 1 else f"M/G/c, variation {cv:g} (an approximation)"
        inputs = {"load": offered, "aht_s": handling, "within_s": within, "cv": cv, "shrinkage": shrinkage}
        if servers is None:
            inputs |= {"share": share, "max_occupancy": max_occupancy}
        return Answer(title, inputs, "servers", count, tuple(figures))

    return _say(answer, json)


def run_erlang_a(
    load: float | None,
    calls: float | None,
    interval: float,
    aht: float | None,
    patience: float | None,
    servers: int | None,
    share: float,
    within: float,
    of: Convention,
    short: float | None,
    max_occupancy: float,
    max_abandoned: float,
    shrinkage: float | None,
    json: bool,
) -> int:
    """Waiting with hanging up, for these servers, or for the fewest that keep the target.

    load: erlangs; or calls in an interval (minutes). aht, patience, within, short: seconds.
    of: the target's convention.
    Returns 0; 1 with one sentence on stderr when the question makes no sense.
    """

    def answer() -> Answer:
        handling = _given(aht, "the mean handling time: --aht SECONDS")
        patient = _given(
            patience, "the mean patience: --patience SECONDS; for callers who never hang up see erlang c"
        )
        offered = _given(_load(load, calls, interval, handling), _LOAD)
        count = servers
        if count is None:
            count = erlang_a_staffing.operators_for(
                offered,
                handling,
                patient,
                share,
                within,
                of=of,
                short=short,
                max_occupancy=max_occupancy,
                max_abandoned=max_abandoned,
            )
        queues = (ErlangA(n, offered, handling, patient) for n in _around(count))
        figures = [_figures_a(queue, within, short, shrinkage) for queue in queues]
        inputs: dict[str, float | str | None] = {
            "load": offered,
            "aht_s": handling,
            "patience_s": patient,
            "within_s": within,
            "short_abandon_s": within if short is None else short,
            "shrinkage": shrinkage,
        }
        if servers is None:
            inputs |= {"share": share, "of": of}
            inputs |= {"max_occupancy": max_occupancy, "max_abandoned": max_abandoned}
        return Answer("Erlang A", inputs, "servers", count, tuple(figures))

    return _say(answer, json)


def _say(answer: Callable[[], Answer], json: bool) -> int:
    try:
        found = answer()
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print_answer(found, json)
    return 0


def _load(load: float | None, calls: float | None, interval: float, aht: float | None) -> float | None:
    if calls is None:
        return load
    if load is not None:
        raise ValueError("give the load (--load) or the calls (--calls), not both")
    if aht is None:
        raise ValueError("--calls needs the mean handling time too: --aht SECONDS")
    return offered_load(calls, interval * 60, aht)


def _given(value: float | None, what: str) -> float:
    if value is None:
        raise ValueError(f"give {what}")
    return value


def _around(count: int, name: str = "servers") -> Iterable[int]:
    check_servers(count, name)
    return range(max(0, count - 1), min(MOST_SERVERS, count + 1) + 1)


def _answer_b(load: float | None, trunks: int | None, blocking: float | None) -> Answer:
    asked: dict[str, float | str | None] = {"load": load, "trunks": trunks, "blocking": blocking}
    match load, trunks, blocking:
        case None, lines, lost if lines is not None and lost is not None:
            load, trunks = load_for(lines, lost), lines
        case erlangs, None, lost if erlangs is not None and lost is not None:
            load, trunks = erlangs, trunks_for(erlangs, lost)
        case erlangs, lines, None if erlangs is not None and lines is not None:
            load, trunks = erlangs, lines
        case _:
            raise ValueError(
                "give two of the load (--load, or --calls with --aht), --trunks and --blocking; "
                "the third is the answer"
            )
    figures = tuple(_figures_b(n, load) for n in _around(trunks, "trunks"))
    return Answer("Erlang B", asked, "trunks", trunks, figures)


def _figures_b(trunks: int, load: float) -> Figures:
    blocking = erlang_b(trunks, load)
    carried = load * (1 - blocking)
    occupancy = carried / trunks if trunks else 0.0
    return {"trunks": trunks, "load": load, "blocking": blocking, "carried": carried, "occupancy": occupancy}


def _staff(servers: int, shrinkage: float | None) -> dict[str, float]:
    if shrinkage is None:
        return {"servers": servers}
    return {"servers": servers, "positions": positions(servers, shrinkage)}


def _figures_c(queue: ErlangC, within: float, shrinkage: float | None) -> Figures:
    in_time = queue.service_level(within)
    return {
        **_staff(queue.servers, shrinkage),
        "load": queue.load,
        "service_level": {"of_offered": in_time},
        "p_wait": queue.p_wait,
        "asa_s": queue.asa,
        "queue": queue.queue,
        "occupancy": queue.occupancy,
    }


def _figures_a(queue: ErlangA, within: float, short: float | None, shrinkage: float | None) -> Figures:
    return {
        **_staff(queue.servers, shrinkage),
        "load": queue.load,
        "service_level": {
            "of_offered": queue.service_level(within, "offered"),
            "short_abandons_excluded": queue.service_level(within, "offered_less_short_abandons", short),
            "of_answered": queue.service_level(within, "answered"),
        },
        "p_abandon": queue.p_abandon,
        "p_wait": queue.p_wait,
        "asa_s": queue.asa,
        "mean_wait_all_s": queue.mean_wait,
        "queue": queue.queue,
        "occupancy": queue.occupancy,
    }


def _refuse_unstable(queue: ErlangC) -> None:
    if queue.stable:
        return
    hourly = (queue.load - queue.servers) / queue.handling * 3600
    raise ValueError(
        f"{queue.servers} operators cannot serve {queue.load:g} erlangs when nobody hangs up: the queue would grow by "
        f"{hourly:g} calls an hour; {math.floor(queue.load) + 1} operators are the least"
    )
