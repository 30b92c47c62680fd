"""Models by Vosk's own names, from where Vosk's makers publish them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import msgspec

OFFICIAL = "https://alphacephei.com/vosk/models/"
_LIST = "model-list.json"
_SECONDS = 30.0  # without a byte
_LONGEST_LIST = 4 << 20


class DownloadFailed(Exception):
    """The text says why, and what to do instead."""


class Offered(msgspec.Struct, frozen=True):
    """A published model. language: as Vosk names it. bytes, md5: of the zip file; the sum finds damage, not forgery:
    against that stands the connection's own proof of who answers."""

    name: str
    language: str
    bytes: int
    md5: str


def offered(name: str, base: str = OFFICIAL) -> Offered:
    """What is published under a name. Raises DownloadFailed."""
    with _opened(base + _LIST) as answer:
        text = answer.read(_LONGEST_LIST)
    try:
        known = {str(one["name"]): one for one in json.loads(text)}
        if name in known:
            one = known[name]
            return Offered(name, str(one["lang"]), int(one["size"]), str(one["md5"]).lower())
    except (ValueError, TypeError, KeyError) as fault:
        raise DownloadFailed(f"the list of models at {base} cannot be read; {_INSTEAD}") from fault
    like = sorted(other for other in known if other.split("-")[2:4] == name.split("-")[2:4])
    hint = f" (there are {', '.join(like[:5])})" if like else f"; {base} lists them"
    raise DownloadFailed(f'no model is published as "{name}"{hint}')


def download(model: Offered, to: Path, base: str = OFFICIAL) -> None:
    """Fetch its zip file; whole and with the published sum, or not at all. Raises DownloadFailed."""
    seen = hashlib.md5(usedforsecurity=False)
    many = 0
    with to.open("wb") as file:
        for block in _blocks(f"{base}{model.name}.zip"):
            many += len(block)
            if many > model.bytes:
                break
            seen.update(block)
            file.write(block)
    if many != model.bytes or seen.hexdigest() != model.md5:
        to.unlink()
        raise DownloadFailed(f"{model.name} came damaged or cut off; try again")


_INSTEAD = "fetch the zip file elsewhere and give its path: ./hotline models add FILE.zip"


def _blocks(address: str) -> Iterator[bytes]:
    with _opened(address) as answer:
        try:
            while block := answer.read(1 << 20):
                yield block
        except (OSError, HTTPException) as fault:
            raise DownloadFailed(f"the connection to {address} broke off; try again") from fault


def _opened(address: str) -> Any:
    try:
        return urlopen(Request(address, headers={"User-Agent": "hotline"}), timeout=_SECONDS)  # noqa: S310  our own address
    except HTTPError as fault:
        raise DownloadFailed(f"{address} answers {fault.code}; {_INSTEAD}") from fault
    except (URLError, OSError, HTTPException) as fault:
        raise DownloadFailed(f"{address} cannot be reached from here; {_INSTEAD}") from fault
