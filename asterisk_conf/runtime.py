"""Find an Asterisk, or fetch a private one, and run instances of it."""

from __future__ import annotations

from asterisk_conf.fetch import FetchFailed, fetch
from asterisk_conf.installation import Installation, NoAsterisk, find
from asterisk_conf.switch import StartFailed, Switch

__all__ = ["FetchFailed", "Installation", "NoAsterisk", "StartFailed", "Switch", "fetch", "find"]
