"""One running hotline's folder: where its files are, its secrets, its ports."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
PROMPTS = PROJECT / "var" / "prompts"  # shared by all instances: the same text is spoken once


@dataclass(frozen=True)
class Instance:
    """The folder of one hotline. Several run side by side in folders of their own."""

    home: Path

    @classmethod
    def named(cls, name: str) -> Instance:
        return cls(PROJECT / "var" / "instances" / name)

    @property
    def settings_file(self) -> Path:
        return self.home / "instance.json"

    @property
    def secrets_file(self) -> Path:
        return self.home / "secrets.json"

    @property
    def switch(self) -> Path:
        return self.home / "asterisk"

    @property
    def prompts(self) -> Path:
        return self.home / "prompts"

    @property
    def journal(self) -> Path:
        return self.home / "journal.sqlite"

    @property
    def pseudonyms(self) -> Path:
        """The secret that makes them."""
        return self.home / "pseudonyms.secret"

    @property
    def socket(self) -> Path:
        return self.home / "control.sock"

    @property
    def pid_file(self) -> Path:
        return self.home / "keeper.pid"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    def create(self) -> None:
        for folder in (self.home, self.logs):
            folder.mkdir(parents=True, exist_ok=True)

    def read_settings(self) -> dict[str, Any]:
        """What this instance was started with; empty when it never was."""
        return json.loads(self.settings_file.read_text()) if self.settings_file.exists() else {}

    def write_settings(self, settings: dict[str, Any]) -> None:
        write_private(self.settings_file, json.dumps(settings, indent=2, ensure_ascii=False))

    def secrets_for(self, names: list[str]) -> dict[str, str]:
        """A secret for each name: made once, kept for the owner's eyes only, never logged."""
        known: dict[str, str] = {}
        if self.secrets_file.exists():
            known = json.loads(self.secrets_file.read_text())
        missing = [name for name in names if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(24) for name in missing}
            write_private(self.secrets_file, json.dumps(known, indent=2))
        return known


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; readable by its owner only from its first byte."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
