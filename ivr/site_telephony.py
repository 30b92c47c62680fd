"""The part of the site file about phones, networks and sound."""

# ruff: noqa: RUF012 - pydantic gives each object a copy of a default

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ivr.site_words import Address, Codec, Host, LanguageCode, Network, Part, Port, User, Word

RtpPort = Annotated[int, Field(ge=1024, le=65535)]


class Sip(Part):
    bind: Annotated[Address, Field(description="address Asterisk listens on for phones and trunks")] = (
        "127.0.0.1"
    )
    port: Annotated[Port, Field(description="UDP port")] = 5060


class Rtp(Part):
    first: Annotated[RtpPort, Field(alias="from", description="first UDP port of the voice")] = 10000
    last: Annotated[RtpPort, Field(alias="to", description="last one; two ports for each leg of a call")] = (
        10199
    )

    @property
    def ports(self) -> int:
        return self.last - self.first + 1


class TrunkEntry(Part):
    name: Annotated[Word, Field(description="a Latin letter, then letters, digits, _ and -")]
    host: Annotated[Host, Field(description="the provider's address")]
    port: Annotated[Port, Field(description="the provider's SIP port")] = 5060
    acl: Annotated[list[Network], Field(min_length=1, description="networks its calls may come from")]
    user: Annotated[User | None, Field(description="for a registration")] = None
    secret_file: Annotated[
        Word | None,
        Field(description="file with the password, readable by its owner only; never in the site file"),
    ] = None
    secret_env: Annotated[Word | None, Field(description="or the environment variable that has it")] = None
    register_: Annotated[bool, Field(alias="register", description="register with the provider")] = False
    codecs: Annotated[list[Codec], Field(min_length=1, description="in order of preference")] = [
        "ulaw",
        "alaw",
    ]


class Telephony(Part):
    sip: Annotated[Sip, Field(description="where Asterisk listens")] = Sip()
    rtp: Annotated[Rtp, Field(description="the ports of the voice")] = Rtp()
    expected_calls: Annotated[int, Field(ge=1, le=100_000, description="at once, at the busiest time")] = 30
    phones_from: Annotated[
        list[Network], Field(min_length=1, description="networks operators' phones may register from")
    ] = ["127.0.0.0/8"]
    callers: Annotated[
        list[Word], Field(description="accounts for people who want to try it as a caller")
    ] = []
    trunks: Annotated[list[TrunkEntry], Field(description="the ways to the telephone network")] = []


class Prompts(Part):
    recorded: Annotated[
        Word,
        Field(description="folder of recordings: ru/MENU.NODE.wav replaces the synthetic prompt"),
    ] = "prompts"
    voices: Annotated[
        dict[LanguageCode, list[Word]], Field(description="voices by language, the first one there is speaks")
    ] = {}
