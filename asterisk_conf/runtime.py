"""Find an Asterisk, or fetch a private one, and run instances of it."""

from __future__ import annotations

from asterisk_conf.fetch import FetchFailed, fetch
from asterisk_conf.installation import Installation, NoAsterisk, find
from asterisk_conf.switch import Refused, StartFailed, Switch

__all__ = ["FetchFailed", "Installation", "NoAsterisk", "Refused", "StartFailed", "Switch", "fetch", "find"]
