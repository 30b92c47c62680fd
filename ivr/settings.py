"""What one instance was started with: the site file, and the ports it was given."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path

from ivr.instance import Instance


@dataclass(frozen=True)
class SpeechSettings:
    """models: language -> the model's name or folder, those that can be used. workers: "host:port", or the
    path of the socket of the one that is kept here. own: that one is kept here. threads: 0 is one for each
    processor. installed: folder of installed models. keep_in: folder of callers' utterances, "" for none.
    missing: what is wrong with the other languages' models, a sentence each.
    """

    on: bool = False
    models: dict[str, str] = field(default_factory=dict[str, str])
    workers: tuple[str, ...] = ()
    own: bool = False
    threads: int = 0
    installed: str = ""
    keep_in: str = ""
    secret_file: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """site: the site file. Ports as they are in force here, which may differ from the site file's (a demo).

    database: URL of the journal. people: URL of the key table of pseudonyms.
    """

    site: Path
    sip_bind: str
    sip_port: int
    ami_port: int
    rtp_from: int
    rtp_to: int
    database: str
    people: str
    speech: SpeechSettings = field(default_factory=SpeechSettings)

    @classmethod
    def read(cls, instance: Instance) -> Settings:
        """Raises KeyError, TypeError for what no start has written."""
        known = {**instance.read_settings()}
        speech = dict(known.get("speech") or {})
        for name in ("workers", "missing"):
            speech[name] = tuple(speech.get(name, ()))
        return cls(**{**known, "site": Path(known["site"]), "speech": SpeechSettings(**speech)})

    def write(self, instance: Instance) -> None:
        instance.write_settings({**asdict(self), "site": str(self.site)})
