"""The recognisers a worker begins with: each model loaded once, a broken one told once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog

from speech.recognizer import ModelUnusable, Recognizer

log = structlog.get_logger(__name__)


class NoModel(Exception):
    """Not one language can be heard; menus go on by key. The text says why."""


def load_recognizers(
    models: Mapping[str, str], load: Callable[[str, str], Recognizer]
) -> dict[str, Recognizer]:
    """Language -> its recogniser. models: language -> name or folder. load: of a name and a language.

    A model that cannot be used is one warning, and its language goes on by key. Raises NoModel.
    """
    loaded: dict[str, Recognizer] = {}
    faults: list[str] = []
    for language, name in models.items():
        try:
            loaded[language] = load(name, language)
        except ModelUnusable as fault:
            log.warning("a language goes on by key only", language=language, why=str(fault))
            faults.append(str(fault))
    if not loaded:
        raise NoModel("; ".join(faults) or "no model is named for any language")
    return loaded
