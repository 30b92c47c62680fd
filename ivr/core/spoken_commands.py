"""What a caller may say at any question, whatever is asked: to a person, once more, back."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ivr.core.flow import Flow, Phrases

COMMANDS: dict[str, Phrases] = {
    "person": {
        "ru": (
            "оператор",
            "соедините с оператором",
            "человек",
            "живой человек",
            "соедините с человеком",
            "специалист",
            "соедините со специалистом",
            "хочу поговорить с человеком",
        ),
        "en": ("operator", "agent", "a person", "human", "representative", "talk to a person"),
    },
    "repeat": {
        "ru": ("повторите", "повтори", "повторите пожалуйста", "ещё раз", "не понял", "не поняла", "что"),
        "en": ("repeat", "repeat please", "say again", "again", "pardon"),
    },
    "back": {
        "ru": ("назад", "вернуться", "вернуться назад", "предыдущее меню"),
        "en": ("back", "go back", "previous menu"),
    },
}


def commands(flow: Flow, language: str, taken: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """Command -> what may be said for it in this language: the menu's own phrases, else the usual ones.

    taken: phrases that answer the present question; an answer wins over a command.
    """
    known = {plain(phrase) for phrase in taken}
    said = {name: _phrases(flow.commands, name, language) for name in COMMANDS}
    free = {name: tuple(one for one in phrases if plain(one) not in known) for name, phrases in said.items()}
    return {name: phrases for name, phrases in free.items() if phrases}


def plain(phrase: str) -> str:
    """Two phrases that sound the same look the same: case, "ё" and spaces do not count."""
    return " ".join(phrase.casefold().replace("ё", "е").split())


def _phrases(own: Mapping[str, Phrases], name: str, language: str) -> tuple[str, ...]:
    return own[name][language] if language in own.get(name, {}) else COMMANDS[name].get(language, ())
