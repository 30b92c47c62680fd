"""The switch's plan from the site file and the instance's ports and secrets."""

from __future__ import annotations

import os
from pathlib import Path

from asterisk_conf.installation import Installation
from asterisk_conf.plan import Account, Manager, SwitchPlan, Trunk
from ivr.instance import Instance
from ivr.settings import Settings
from ivr.site import Site
from ivr.site_telephony import TrunkEntry

HEARTBEAT = 20  # seconds of our silence after which the switch gives callers music
RING_MARGIN = 5  # seconds beyond the longest ring timeout after which the switch itself stops a phone
LEGS_AND_CONFIRMATIONS = 3  # channels per expected call: caller, operator, and room for feature codes
OPEN_FILES_PER_CALL = 20  # 7 for each of its two legs (measured), and room for legs that ring or just end


class SecretMissing(Exception):
    """A trunk's password is not where the site file says."""


def account_names(site: Site) -> list[str]:
    """Every account that needs a password of ours."""
    return [*site.endpoints().values(), *site.telephony.callers]


def open_files(expected_calls: int) -> int:
    """How many files and sockets Asterisk may open at once."""
    return max(4096, expected_calls * OPEN_FILES_PER_CALL)


def plan_for(
    site: Site, settings: Settings, instance: Instance, installation: Installation, sounds: Path
) -> SwitchPlan:
    """Raises SecretMissing. sounds: the folder all prompts lie in."""
    telephony = site.telephony
    secrets = instance.secrets_for(["ami", *account_names(site)])
    language = site.languages[0]
    networks = tuple(str(network) for network in telephony.phones_from)
    return SwitchPlan(
        home=instance.switch,
        modules=installation.modules,
        data=installation.data,
        sounds=sounds,
        music=installation.music,
        manager=Manager(port=settings.ami_port, secret=secrets["ami"]),
        sip_bind=settings.sip_bind,
        sip_port=settings.sip_port,
        rtp_from=settings.rtp_from,
        rtp_to=settings.rtp_to,
        numbers=tuple(entry.number for entry in site.numbers),
        operators=tuple(
            Account(one.endpoint, secrets[one.endpoint], one.name, language, networks)
            for one in site.operators
        ),
        callers=tuple(Account(name, secrets[name], name, language, networks) for name in telephony.callers),
        trunks=tuple(_trunk(entry, site) for entry in telephony.trunks),
        codes=site.feature_codes(),
        transfers=site.transfer_codes(),
        heartbeat=HEARTBEAT,
        ring_limit=int(max(line.ring_timeout for line in site.lines.values())) + RING_MARGIN,
        max_calls=max(20, telephony.expected_calls * LEGS_AND_CONFIRMATIONS),
        max_files=open_files(telephony.expected_calls),
    )


def _trunk(entry: TrunkEntry, site: Site) -> Trunk:
    return Trunk(
        name=entry.name,
        host=entry.host,
        acl=tuple(str(network) for network in entry.acl),
        port=entry.port,
        user=entry.user or "",
        secret=_secret(entry, site),
        register=entry.register_,
        codecs=tuple(entry.codecs),
    )


def _secret(entry: TrunkEntry, site: Site) -> str:
    if entry.secret_file is not None:
        path = site.folder / entry.secret_file
        try:
            return path.read_text().strip()
        except OSError as error:
            raise SecretMissing(f"the password of trunk {entry.name} cannot be read: {error}") from None
    if entry.secret_env is not None:
        try:
            return os.environ[entry.secret_env]
        except KeyError:
            raise SecretMissing(
                f"the password of trunk {entry.name} is expected in the environment variable {entry.secret_env}"
            ) from None
    return ""
