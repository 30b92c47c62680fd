"""How well a fitted scenario fits its record, as one page: the recorded beside the fitted, in pictures and words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from loadtest.distribution import Numbers
from loadtest.fit_calendar import SLOTS, Rates
from loadtest.fit_durations import DurationFit
from loadtest.fit_patience import PatienceFit
from loadtest.fit_scenario import Fit, TopicFit
from loadtest.fit_words import topic_lines, whole_lines
from loadtest.pictures import BLUE, GREEN, RED, Curve, line_picture
from loadtest.record import INTERVAL_S
from loadtest.report_page import page, section
from loadtest.report_words import Language
from loadtest.series import Band

POINTS = 400

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "A scenario from recorded calls",
        "whole": "The whole",
        "notes": "What the record cannot tell",
        "staff": "Operators who were there",
        "recorded": "recorded",
        "fitted": "fitted",
        "asked": "recorded, asked for an operator",
        "with menu": "fitted, with those whom the menu answers",
        "same": "equal",
        "written": "written as shifts",
        "hour": "time of day",
        "rate": "calls an hour",
        "people": "operators",
        "seconds": "seconds",
        "share": "share of calls",
        "measured": "recorded, s",
        "law": "by the law, s",
        "rates": "{topic}: calls an hour (95 %)",
        "ecdf": "{topic}, {what}: share that is over",
        "qq": "{topic}, {what}: quantile against quantile, to the 99 % point",
        "patience": "{topic}, patience: share still waiting (Kaplan and Meier, 95 %)",
        "handling": "handling",
        "wrap_up": "wrap-up",
        "menu": "menu",
        "ring": "until the operator picks up",
        "every": "all topics",
    },
    "ru": {
        "title": "Сценарий по записанным звонкам",
        "whole": "В целом",
        "notes": "Чего запись не говорит",
        "staff": "Сколько операторов было на месте",
        "recorded": "записано",
        "fitted": "подобрано",
        "asked": "записано, дошли до очереди",
        "with menu": "подобрано, вместе с теми, кому ответило меню",
        "same": "совпадение",
        "written": "записано сменами",
        "hour": "время суток",
        "rate": "звонков в час",
        "people": "операторы",
        "seconds": "секунды",
        "share": "доля звонков",
        "measured": "записано, с",
        "law": "по закону, с",
        "rates": "{topic}: звонков в час (95 %)",
        "ecdf": "{topic}, {what}: доля завершившихся",
        "qq": "{topic}, {what}: квантиль против квантиля, до 99 %",
        "patience": "{topic}, терпение: доля ещё ждущих (Каплан — Мейер, 95 %)",
        "handling": "разговор",
        "wrap_up": "дооформление",
        "menu": "меню",
        "ring": "до снятия трубки оператором",
        "every": "все темы",
    },
}


def fit_page(found: Fit, head: Sequence[str], notes: Sequence[str], language: Language = "en") -> str:
    """The page. head, notes: of `fit_words`."""
    words = WORDS[language]
    parts = [f"<h1>{escape(words['title'])}</h1>", *(f"<p>{escape(line)}</p>" for line in head)]
    parts.append(section(words["whole"], _list(whole_lines(found))))
    if notes:
        parts.append(section(words["notes"], _list(notes)))
    parts.append(section(words["staff"], _staff(found, words)))
    for what, law in (("menu", found.menu), ("ring", found.ring)):
        if law is not None:
            parts += _law(f"whole-{what}", words["every"], words[what], law, words)
    for number, topic in enumerate(found.topics, 1):
        parts += _topic(f"t{number}", topic, words)
    return page(words["title"], parts, language)


def _list(lines: Sequence[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def _topic(id: str, topic: TopicFit, words: dict[str, str]) -> list[str]:
    parts = [section(topic.name, _list(topic_lines(topic)))]
    parts.append(section(words["rates"].format(topic=topic.name), _rates(id, topic.rates, words)))
    if not topic.lent:
        parts += _law(f"{id}-handling", topic.name, words["handling"], topic.handling, words)
    if topic.wrap_up is not None and topic.wrap_up.best != "deterministic":
        parts += _law(f"{id}-wrap", topic.name, words["wrap_up"], topic.wrap_up, words)
    if topic.patience.events:
        title = words["patience"].format(topic=topic.name)
        parts.append(section(title, _patience(f"{id}-patience", topic.patience, words)))
    return parts


def _hours() -> Numbers:
    return (np.arange(SLOTS) + 0.5) * INTERVAL_S / 3600


def _rates(id: str, found: Rates, words: dict[str, str]) -> str:
    low, high = found.interval()
    recorded = np.divide(found.calls * 3600, found.covered_s, out=np.zeros(SLOTS), where=found.covered_s > 0)
    curves = [
        Curve(words["asked"], _hours(), recorded, BLUE, "-", Band(recorded, low, high), steps=True),
        Curve(words["with menu"], _hours(), found.per_hour, RED, "--", steps=True),
    ]
    return line_picture(f"{id}-rates", curves, x=words["hour"], y=words["rate"], clock=True)


def _staff(found: Fit, words: dict[str, str]) -> str:
    mean = sum(found.people.values(), np.zeros(SLOTS))
    whole = sum((np.floor(one + 0.5) for one in found.people.values()), np.zeros(SLOTS))
    curves = [
        Curve(words["recorded"], _hours(), mean, BLUE, "-", steps=True),
        Curve(words["written"], _hours(), whole, RED, "--", steps=True),
    ]
    return line_picture("staff", curves, x=words["hour"], y=words["people"], clock=True)


def _law(id: str, topic: str, what: str, law: DurationFit, words: dict[str, str]) -> list[str]:
    """The distribution function beside the recorded one; quantile against quantile when there are enough."""
    if law.best == "deterministic" or len(law.values) < 2:
        return []
    grid = np.linspace(0, float(np.quantile(law.values, 0.995)), POINTS)
    recorded = np.searchsorted(law.values, grid, side="right") / len(law.values)
    curves = [
        Curve(words["recorded"], grid, recorded, BLUE, "-"),
        Curve(f"{words['fitted']}: {law.best}", grid, law.cdf(grid), RED, "--"),
    ]
    ecdf = line_picture(f"{id}-ecdf", curves, x=words["seconds"], y=words["share"], percent=True)
    parts = [section(words["ecdf"].format(topic=topic, what=what), ecdf)]
    if not law.guess:
        shares = np.linspace(0.01, 0.99, 99)
        by_law, found = law.quantiles(shares), np.quantile(law.values, shares)
        ends = np.array([0.0, max(by_law[-1], found[-1])])
        curves = [
            Curve(f"{words['recorded']} / {law.best}", by_law, found, BLUE, "-"),
            Curve(words["same"], ends, ends, GREEN, ":"),
        ]
        svg = line_picture(f"{id}-qq", curves, x=words["law"], y=words["measured"])
        parts.append(section(words["qq"].format(topic=topic, what=what), svg))
    return parts


def _patience(id: str, law: PatienceFit, words: dict[str, str]) -> str:
    at = _stairs(np.concatenate([[0.0], law.at]))[1:]
    share, error = np.concatenate([[1.0], law.share]), np.concatenate([[0.0], law.error])
    low, high = np.clip(share - 1.96 * error, 0, 1), np.clip(share + 1.96 * error, 0, 1)
    share, low, high = (_stairs(one)[:-1] for one in (share, low, high))
    grid = np.linspace(0, float(at[-1]), POINTS)
    curves = [
        Curve(words["recorded"], at, share, BLUE, "-", Band(share, low, high)),
        Curve(f"{words['fitted']}: exponential", grid, law.survival(grid), RED, "--"),
    ]
    return line_picture(id, curves, x=words["seconds"], y=words["share"], percent=True)


def _stairs(values: Numbers) -> Numbers:
    """Each value twice: the curve keeps its height until somebody gives up."""
    return np.repeat(values, 2)
