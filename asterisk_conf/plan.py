"""Everything that Asterisk's configuration depends on; made from the site file and the instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A phone that registers with a password: an operator's, or a caller's for trying the hotline out.

    name: endpoint and user name, letters first ("op17"). acl: networks it may come from.
    """

    name: str
    secret: str = field(repr=False)
    display: str = ""
    language: str = "ru"
    acl: tuple[str, ...] = ("127.0.0.0/8",)


@dataclass(frozen=True)
class Trunk:
    """The way to the telephone network: a peer known by address, or a registration with a provider.

    host: the provider's address. acl: networks that calls may come from; never empty.
    user, secret: for a registration; empty for a peer. port: the provider's.
    """

    name: str
    host: str
    acl: tuple[str, ...]
    port: int = 5060
    user: str = ""
    secret: str = field(default="", repr=False)
    register: bool = False
    codecs: tuple[str, ...] = ("ulaw", "alaw")


@dataclass(frozen=True)
class Manager:
    """The controller's AMI account."""

    port: int
    secret: str = field(repr=False)
    bind: str = "127.0.0.1"
    user: str = "controller"


@dataclass(frozen=True)
class SwitchPlan:
    """One Asterisk instance.

    home: the instance's folder: etc/, run/, log/, spool/, db/ are made in it.
    modules, data: Asterisk's own module and data folders (the system's or the private one's).
    sounds: folder our prompts are read from. music: folder of music on hold, 8 kHz WAV.
    numbers: the hotline's numbers, digits with an optional leading +.
    codes: feature code as dialled -> what it means, e.g. {"*10": "sign_in", "*21": "pause:lunch"}.
    transfers: code an operator transfers a caller to -> target, e.g. {"*72": "line:second"}.
    heartbeat: seconds after which a caller whose controller is silent goes to music by himself.
    ring_limit: seconds after which Asterisk itself stops a ringing phone (longer than any ring timeout).
    max_calls: Asterisk refuses more at once.
    """

    home: Path
    modules: Path
    data: Path
    sounds: Path
    music: Path
    manager: Manager
    sip_bind: str
    sip_port: int
    rtp_from: int
    rtp_to: int
    numbers: tuple[str, ...]
    operators: tuple[Account, ...]
    callers: tuple[Account, ...] = ()
    trunks: tuple[Trunk, ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
    transfers: dict[str, str] = field(default_factory=dict)
    heartbeat: int = 20
    ring_limit: int = 60
    max_calls: int = 1000
    max_files: int = 20000
    system_name: str = "hotline"
