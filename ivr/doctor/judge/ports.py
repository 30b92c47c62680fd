"""Can Asterisk have the ports it needs, and who has them if not."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Ports"
PRIVILEGED_BELOW = 1024

TAKEN = Trouble(
    "sip-port-taken", AREA, "SIP port", "error",
    "UDP {port} on {address} is taken by {holder}",
    "end that program, or choose another port in the site file: telephony.sip.port",
    "Asterisk would come up without hearing any phone.",
)  # fmt: skip
NOT_OURS = Trouble(
    "sip-address-foreign", AREA, "SIP port", "error",
    "{address} is not an address of this machine",
    "bind to one of {own}, in the site file: telephony.sip.bind",
    "A machine can only listen on its own addresses.",
)  # fmt: skip
FORBIDDEN = Trouble(
    "sip-port-forbidden", AREA, "SIP port", "error",
    "UDP {port} on {address} cannot be had: {why}",
    "choose a port from 1024 upwards in the site file: telephony.sip.port",
    "Ports below 1024 belong to root; the kernel may keep others back.",
)  # fmt: skip
DEAF = Trouble(
    "sip-port-deaf", AREA, "SIP port", "error",
    "Asterisk runs but does not listen on UDP {port}",
    "./hotline down --name {name}; ./hotline up {site} --name {name}",
    "Asterisk goes on without a port that it could not have.",
)  # fmt: skip
WORLD = Trouble(
    "sip-open-to-all", AREA, "SIP port", "warning",
    "{address} is reached from every network this machine is in",
    "bind to the address your phones reach (telephony.sip.bind), or let a firewall pass only {networks}",
    "Strangers find open SIP ports within hours and try passwords; the ACLs refuse them, a firewall spares the work.",
)  # fmt: skip
SIP_EPHEMERAL = Trouble(
    "sip-port-ephemeral", AREA, "SIP port", "warning",
    "UDP {port} lies where the kernel takes ports for outgoing traffic from ({low}-{high})",
    "sysctl -w net.ipv4.ip_local_reserved_ports={port}, or a port outside of it: telephony.sip.port",
    "Any program may be given this port while the hotline is down.",
)  # fmt: skip
AMI_OPEN = Trouble(
    "ami-open", AREA, "AMI port", "error",
    "Asterisk's manager listens on {address}, not on this machine only",
    "./hotline down --name {name}; ./hotline up {site} --name {name} writes its files anew",
    "Who reaches the manager with its password commands every call.",
)  # fmt: skip
AMI_DEAF = Trouble(
    "ami-deaf", AREA, "AMI port", "error",
    "Asterisk runs but its manager does not listen on TCP {port}",
    "./hotline down --name {name}; ./hotline up {site} --name {name}",
    "The controller cannot reach Asterisk.",
)  # fmt: skip
TROUBLES = (TAKEN, NOT_OURS, FORBIDDEN, DEAF, WORLD, SIP_EPHEMERAL, AMI_OPEN, AMI_DEAF)


@dataclass(frozen=True)
class Ephemeral:
    """Where the kernel takes ports of outgoing traffic from; reserved: ranges it leaves out."""

    low: int
    high: int
    reserved: tuple[tuple[int, int], ...] = ()

    def among(self, first: int, last: int) -> int:
        """How many ports of first..last the kernel may give away."""
        inside = set(range(max(first, self.low), min(last, self.high) + 1))
        for low, high in self.reserved:
            inside -= set(range(low, high + 1))
        return len(inside)


@dataclass(frozen=True)
class Listening:
    """What the living Asterisk listens on: UDP ports, and TCP port -> address."""

    udp: frozenset[int]
    tcp: dict[int, str]


@dataclass(frozen=True)
class PortFacts:
    """site: the site file. refused: the kernel's errno for a try to bind the SIP port; 0 when it is free,
    None when not tried.

    listening: None when Asterisk does not run, or may not be looked at.
    """

    name: str
    site: str
    address: str
    port: int
    networks: tuple[str, ...]
    ephemeral: Ephemeral
    own_addresses: tuple[str, ...] = ()
    refused: int | None = None
    holder: str = ""
    why: str = ""
    ami_port: int | None = None
    listening: Listening | None = None


def judge(seen: PortFacts) -> Iterator[Finding]:
    yield from _sip(seen)
    yield from _openness(seen)
    if seen.listening is not None and seen.ami_port is not None:
        yield from _ami(seen, seen.listening, seen.ami_port)


def _sip(seen: PortFacts) -> Iterator[Finding]:
    place = {"port": seen.port, "address": seen.address}
    if seen.listening is not None:
        if seen.port in seen.listening.udp:
            yield well(AREA, "SIP port", f"UDP {seen.port} on {seen.address}: Asterisk listens")
        else:
            yield DEAF(**place, name=seen.name, site=seen.site)
    elif seen.refused == errno.EADDRNOTAVAIL:
        yield NOT_OURS(**place, own=", ".join(seen.own_addresses))
    elif seen.refused == errno.EADDRINUSE:
        yield TAKEN(**place, holder=seen.holder)
    elif seen.refused:
        yield FORBIDDEN(**place, why=seen.why)
    elif seen.refused == 0:
        yield well(AREA, "SIP port", f"UDP {seen.port} on {seen.address} is free")
    if seen.ephemeral.among(seen.port, seen.port):
        yield SIP_EPHEMERAL(port=seen.port, low=seen.ephemeral.low, high=seen.ephemeral.high)


def _openness(seen: PortFacts) -> Iterator[Finding]:
    address = ip_address(seen.address)
    if address.is_unspecified or address.is_global:
        yield WORLD(address=seen.address, networks=", ".join(seen.networks))
    elif address.is_loopback:
        yield well(AREA, "reach", f"{seen.address}: only phones on this machine can register")
    else:
        yield well(AREA, "reach", f"{seen.address}: phones from {', '.join(seen.networks)} can register")


def _ami(seen: PortFacts, listening: Listening, port: int) -> Iterator[Finding]:
    address = listening.tcp.get(port)
    if address is None:
        yield AMI_DEAF(port=port, name=seen.name, site=seen.site)
    elif not ip_address(address).is_loopback:
        yield AMI_OPEN(address=address, name=seen.name, site=seen.site)
    else:
        yield well(AREA, "AMI port", f"TCP {port} on {address}: this machine only")
