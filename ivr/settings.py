"""What one instance was started with: the site file, and the ports it was given."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.instance import Instance


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

    @classmethod
    def read(cls, instance: Instance) -> Settings:
        known = instance.read_settings()
        return cls(**{**known, "site": Path(known["site"])})

    def write(self, instance: Instance) -> None:
        instance.write_settings({**asdict(self), "site": str(self.site)})
