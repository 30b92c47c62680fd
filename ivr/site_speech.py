"""The part of the site file about callers who speak."""

# ruff: noqa: RUF012 - pydantic gives each object a copy of a default

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ivr.site_words import LanguageCode, Part, Word, wrong

_WORKER = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):([0-9]{1,5})")


def _worker(value: str) -> str:
    found = _WORKER.fullmatch(value)
    if found is None or not 0 < int(found[1]) < 65536:
        raise wrong("worker", f"'{value}' is not a speech worker's address; write host:port")
    return value


WorkerAddress = Annotated[str, AfterValidator(_worker)]


class Speech(Part):
    on: Annotated[
        bool, Field(description="callers may say what they need; off: menus by key alone, as with no model")
    ] = True
    models: Annotated[
        dict[LanguageCode, Word],
        Field(
            description="language to a model's name (./hotline models) or folder, beside what ships;"
            " none: no speech in this language"
        ),
    ] = {}
    workers: Annotated[
        list[WorkerAddress],
        Field(description="speech workers on other hosts, host:port; [] keeps one on this machine"),
    ] = []
    secret_file: Annotated[
        Word | None,
        Field(
            description="file with the secret that workers on other hosts were given; never in the site file"
        ),
    ] = None
    threads: Annotated[
        int | None,
        Field(ge=1, le=256, description="of this machine's worker; left out: one for each processor"),
    ] = None
    keep_utterances: Annotated[
        Literal[False] | Word,
        Field(description="folder in which callers' answers are kept as WAV; false keeps none"),
    ] = False
