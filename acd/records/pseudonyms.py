"""A caller's number becomes a pseudonym: the same for the same person, and no way back without the secret."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from pathlib import Path

import phonenumbers

WITHHELD = {"", "anonymous", "unknown", "restricted", "private", "unavailable", "withheld", "<unknown>"}
"""What a switch puts where no number was sent. They are not one person, so they get no pseudonym."""

_SECRET_BYTES = 32
_SHOWN_BYTES = 10  # 80 bits: two of ten million callers share a pseudonym with a chance of 1 in 10 billion


class SecretExposed(Exception):
    """The installer's: the secret can be read by others, so the pseudonyms protect nobody."""


class Pseudonyms:
    """secret: from `load_secret`. region: whose way of writing national numbers holds, e.g. "RU"."""

    def __init__(self, secret: bytes, region: str = "RU") -> None:
        if len(secret) < _SECRET_BYTES:
            raise ValueError(f"the secret of the pseudonyms must have {_SECRET_BYTES} bytes or more")
        self._secret = secret
        self._region = region

    def of(self, number: str | None) -> str | None:
        """The pseudonym, e.g. "p-mfzwc5lbnrqxgzlm"; None for a withheld number."""
        plain = normal(number or "", self._region)
        if plain is None:
            return None
        digest = hmac.new(self._secret, plain.encode(), hashlib.sha256).digest()
        return "p-" + base64.b32encode(digest[:_SHOWN_BYTES]).decode().lower()


def normal(number: str, region: str = "RU") -> str | None:
    """One spelling for one line: +79161234567 for 8 (916) 123-45-67. Internal numbers and accounts stay.

    None for a withheld number.
    """
    plain = number.strip().strip('"').casefold()
    if plain in WITHHELD:
        return None
    if any(sign.isalpha() for sign in plain):
        return plain
    with contextlib.suppress(phonenumbers.NumberParseException):
        parsed = phonenumbers.parse(plain, region)
        if phonenumbers.is_possible_number(parsed):
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return "".join(sign for sign in plain if sign.isdigit() or sign == "+") or plain


def load_secret(path: Path) -> bytes:
    """The instance's secret; made at the first start. Raises SecretExposed if others could read it.

    Without this file old pseudonyms cannot be recognised again: it belongs into the backup, apart from
    the journal's.
    """
    if not path.exists():
        _make(path)
    if path.stat().st_mode & 0o077:
        raise SecretExposed(f"{path} can be read by others: chmod 600 {path}, or delete it to begin anew.")
    return bytes.fromhex(path.read_text().strip())


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(_SECRET_BYTES) + "\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):  # another process was first: his holds
        path.hardlink_to(beside)
    beside.unlink()
