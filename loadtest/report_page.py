"""The report of a simulation as one page: nothing is loaded from elsewhere, and it prints."""

from __future__ import annotations

from html import escape
from typing import Any

from loadtest.figures import Days
from loadtest.report_pictures import day_pictures
from loadtest.report_words import CONVENTION_RU, WORDS, Language

STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; color: #1a1a1a; background: #fff;
  max-width: 52rem; margin: 1.5rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .3rem; }
p { margin: .3rem 0; } .note { color: #555; font-size: .9rem; }
table { border-collapse: collapse; font-size: .82rem; margin: .5rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .22rem .6rem .22rem 0; text-align: right; vertical-align: top; border-bottom: 1px solid #ddd; }
th:first-child, td:first-child, .left { text-align: left; } th { font-weight: 600; vertical-align: bottom; }
.wide { overflow-x: auto; } svg { width: 100%; height: auto; display: block; }
.pass { color: #1b5e20; font-weight: 600; } .fail { color: #b3261e; font-weight: 600; }
.undecided { color: #8a5a00; font-weight: 600; } .half { color: #555; white-space: nowrap; }
dt { font-weight: 600; margin-top: .4rem; } dd { margin: 0; } dl { font-size: .85rem; }
section, tr { break-inside: avoid; }
@media print { body { font-size: 10pt; margin: 0; max-width: none; } svg { width: 90%; } table { font-size: 7.5pt; }
  .wide { overflow-x: visible; } } @page { size: A4; margin: 14mm; }
"""

Row = list[str]


def report_page(days: Days, told: dict[str, Any], language: Language = "en") -> str:
    """The page. told: `figures.report` of the same days."""
    words = WORDS[language]
    title = words["title"].format(name=told["scenario"])
    means = words["means"].format(days=told["replications"], seed=told["seed"])
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(means)}</p>", _targets(told, words)]
    for picture in day_pictures(days, words):
        parts.append(
            f"<section><h2>{escape(picture.title)}</h2>"
            f'<p class="note">{escape(picture.note)}</p>{labelled(picture.title, picture.svg)}</section>'
        )
    parts.append(section(words["figures"], _whole(told, words)))
    parts.append(
        section(words["by topic"], _scopes(told["by_topic"], words["topic"], words, occupancy=False))
    )
    parts.append(section(words["by line"], _scopes(told["by_line"], words["line"], words, occupancy=True)))
    parts.append(section(words["conventions"], _conventions(told, language)))
    return page(title, parts, language)


def page(title: str, parts: list[str], language: Language) -> str:
    """A whole document. parts: HTML."""
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body>\n</html>\n"
    )


def labelled(title: str, svg: str) -> str:
    """A picture with its name for those who cannot see it."""
    return f'<div role="img" aria-label="{escape(title)}">{svg}</div>'


def section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>"


def table(head: Row, rows: list[Row]) -> str:
    """head: plain text. rows: HTML."""
    top = "".join(f"<th>{escape(one)}</th>" for one in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def number(value: float, words: dict[str, str]) -> str:
    """A tenth where it says something, the language's own signs."""
    text = f"{value:,.1f}" if abs(value) < 1000 else f"{value:,.0f}"
    return text if words["decimal"] == "." else text.replace(",", "\u00a0").replace(".", ",")


def share(value: float, words: dict[str, str]) -> str:
    return f"{number(100 * value, words)}\u00a0%"


def shown(figure: dict[str, Any] | None, words: dict[str, str], *, percent: bool = False) -> str:
    """Mean ± half of the interval; a dash where there is nothing."""
    if figure is None:
        return "–"
    half = (figure["ci95"][1] - figure["ci95"][0]) / 2
    mean = share(figure["mean"], words) if percent else number(figure["mean"], words)
    return f'{mean} <span class="half">± {number(100 * half if percent else half, words)}</span>'


def verdict_word(verdict: str, words: dict[str, str]) -> str:
    return f'<span class="{verdict}">{escape(words[verdict])}</span>'


def target_text(target: dict[str, Any], words: dict[str, str]) -> str:
    """A target in words, e.g. 80 % within 20 s of offered."""
    of = target["of"]
    named = words.get(f"of {of}")
    if named is None:
        named = words["of short"].format(seconds=of.partition("(")[2].rstrip(")"))
    return words["within"].format(
        share=f"{100 * target['share']:g} %", seconds=f"{target['answered_within_s']:g}", of=named
    )


def _targets(told: dict[str, Any], words: dict[str, str]) -> str:
    judged = told["verdict"]["by_target"]
    if not judged:
        return f"<p>{escape(words['no target'])}</p>"
    overall = f"<p>{escape(words['overall'])}: {verdict_word(told['verdict']['overall'], words)}</p>"
    head = [words[key] for key in ("topic", "verdict", "target", "in time", "half hours", "p_abandon")]
    rows = []
    for name, one in judged.items():
        topic = told["by_topic"][name]
        met = topic["share_of_intervals_meeting_target"]
        rows.append(
            [
                escape(name),
                verdict_word(one["verdict"], words),
                escape(target_text(one["target"], words)),
                shown(one["service_level"], words, percent=True),
                shown(met, words, percent=True),
                shown(topic["p_abandon"], words, percent=True),
            ]
        )
    return section(words["targets"], overall + table(head, rows))


_WHOLE: list[tuple[str, tuple[str, ...], bool]] = [
    ("offered", ("offered",), False),
    ("answered", ("answered",), False),
    ("p_abandon", ("p_abandon",), True),
    ("p_block", ("p_block",), True),
    ("p_wait", ("p_wait",), True),
    ("asa_s", ("asa_s",), False),
    ("mean_wait_all_s", ("mean_wait_all_s",), False),
    ("p95", ("wait_quantiles_s", "0.95"), False),
    ("called_back", ("called_back",), False),
    ("callback_wait_s", ("callback_wait_s",), False),
    ("level offered", ("service_level", "of_offered"), True),
    ("level short", ("service_level", "short_abandons_excluded"), True),
    ("level answered", ("service_level", "of_answered"), True),
    ("occupancy", ("occupancy",), True),
    ("peak_calls_in_system", ("peak_calls_in_system",), False),
    ("orbit", ("orbit",), False),
]


def _at(told: dict[str, Any], path: tuple[str, ...]) -> Any:
    found: Any = told
    for step in path:
        found = found[step]
    return found


def _whole(told: dict[str, Any], words: dict[str, str]) -> str:
    rows: list[Row] = []
    for key, path, percent in _WHOLE:
        if path[0] not in told:
            continue
        figure, write = _at(told, path), share if percent else number
        if figure is None:
            rows.append([escape(words[key]), "–", "–"])
        else:
            low, high = figure["ci95"]
            rows.append(
                [
                    escape(words[key]),
                    write(figure["mean"], words),
                    f"{write(low, words)} … {write(high, words)}",
                ]
            )
    return table([words["figure"], words["mean"], words["interval"]], rows)


def _scopes(told: dict[str, Any], first: str, words: dict[str, str], *, occupancy: bool) -> str:
    """A row for each topic or line."""
    columns = [(key, path, percent) for key, path, percent in _WHOLE if key in _BY_SCOPE]
    if occupancy:
        columns.append(("occupancy", ("occupancy",), True))
    rows = [
        [escape(name), *(shown(_at(one, path), words, percent=percent) for _, path, percent in columns)]
        for name, one in told.items()
    ]
    return table([first, *(words[key] for key, _, _ in columns)], rows)


_BY_SCOPE = ("offered", "answered", "p_abandon", "asa_s", "p95", "level offered")


def _conventions(told: dict[str, Any], language: Language) -> str:
    texts = told["convention"] if language == "en" else CONVENTION_RU
    names = WORDS[language]
    called = {
        "service_level.of_offered": names["level offered"],
        "service_level.short_abandons_excluded": names["level short"],
        "service_level.of_answered": names["level answered"],
        "share_of_intervals_meeting_target": names["half hours"],
        "ci95": names["interval"],
    }
    entries = [
        f"<dt>{escape(called.get(key) or names.get(key) or key)}</dt><dd>{escape(texts[key])}</dd>"
        for key in told["convention"]
        if key != "interval"
    ]
    return f"<dl>{''.join(entries)}</dl>"
