"""A trunk between two of our own switches: one plays the provider, whose customer the other is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from asterisk_conf.plan import Account, Trunk
from tests.asterisk_conf.plans import OPERATOR_SECRET
from tests.live.hotline_switch import HotlineSwitch, hotline_switch, open_folder

pytestmark = pytest.mark.live
CUSTOMER = Account("customer", OPERATOR_SECRET)


@pytest.fixture
def tmp() -> Iterator[Path]:
    with open_folder() as folder:
        for name in ("provider", "hotline"):
            (folder / name).mkdir()
        yield folder


async def registered(provider: HotlineSwitch) -> None:
    await provider.ami.event("DeviceStateChange", Device="PJSIP/customer", State="NOT_INUSE")


async def test_a_hotline_registers_with_a_provider_and_takes_the_calls_it_sends(tmp: Path):
    async with hotline_switch(tmp / "provider", operators=(CUSTOMER,)) as provider:
        trunk = Trunk(
            name="provider",
            host="127.0.0.1",
            port=provider.plan.sip_port,
            acl=("127.0.0.1/32",),
            user="customer",
            secret=OPERATOR_SECRET,
            register=True,
        )
        async with hotline_switch(
            tmp / "hotline", numbers=("+78001234567",), operators=(), trunks=(trunk,)
        ) as hotline:
            await registered(provider)
            outside = await provider.call("1000")
            await provider.redirect(outside, "deliver", "customer")
            call = await hotline.ami.event("AsyncAGIStart")
            assert call["AccountCode"] == "+78001234567"
            assert call["Channel"].startswith("PJSIP/provider-")
            await hotline.ami.act("Hangup", Channel=call["Channel"])
            ended = await provider.ami.event("UserEvent", UserEvent="DeliverEnd")
            assert ended["Status"] == "ANSWER"
            assert not (hotline.plan.home / "log/messages.log").read_text().count("ERROR")


class Overloaded(asyncio.DatagramProtocol):
    """A provider that answers every registration with 503."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self.asked = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        lines = data.decode().split("\r\n")
        if lines[0].startswith("REGISTER"):
            kept = [line for line in lines if line.startswith(("Via:", "From:", "To:", "Call-ID:", "CSeq:"))]
            answer = ["SIP/2.0 503 Service Unavailable", *kept, "Content-Length: 0", "", ""]
            self._transport.sendto("\r\n".join(answer).encode(), addr)  # type: ignore[attr-defined]
            self.asked.set()


async def test_a_provider_that_refuses_is_asked_again_and_the_hotline_is_up_meanwhile(tmp: Path):
    loop = asyncio.get_running_loop()
    transport, provider = await loop.create_datagram_endpoint(Overloaded, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    trunk = Trunk("provider", "127.0.0.1", ("127.0.0.1/32",), port, "customer", "x", True)
    try:
        async with hotline_switch(tmp / "hotline", operators=(), trunks=(trunk,)) as hotline:
            assert (await hotline.call("1000"))["AccountCode"] == "1000"
            async with asyncio.timeout(15):
                await provider.asked.wait()
            log = hotline.plan.home / "log/messages.log"
            async with asyncio.timeout(5):
                while "503" not in (said := log.read_text()):
                    await asyncio.sleep(0.05)
            assert "retrying in '30'" in said
            assert "Maximum retries" not in said
    finally:
        transport.close()
