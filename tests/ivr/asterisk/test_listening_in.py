"""A caller's voice sent to a speech worker: what the switch is asked to do, and what it is never asked."""

from __future__ import annotations

import pytest

from ivr.asterisk.ami_client import ActionRefused
from ivr.asterisk.call_control import CallControl

EAR = "cd89fd0e-a593-4961-8b14-720f1b9b3ee6"


class Orders:
    """Takes actions as the client does. gone: the channel is no more."""

    def __init__(self, *, gone: bool = False) -> None:
        self.given: list[tuple[str, dict[str, str]]] = []
        self._gone = gone

    async def action(self, name: str, fields: dict[str, str]) -> dict[str, str]:
        if self._gone:
            raise ActionRefused(name, "No such channel")
        self.given.append((name, dict(fields)))
        return {}


def control(orders: Orders) -> CallControl:
    return CallControl(orders, heartbeat=20)  # type: ignore[arg-type]


@pytest.mark.parametrize("audio", ["127.0.0.1:40001", "[::1]:40001", "speech1.example.org:7001"])
async def test_a_spy_hears_this_caller_alone_and_the_link_is_not_held_up(audio: str):
    orders = Orders()
    await control(orders).listen_in("hotline-1795380205.1", audio, EAR)
    [(name, fields)] = orders.given
    assert name == "Originate"
    assert fields["Channel"] == f"AudioSocket/{audio}/{EAR}"
    assert (fields["Application"], fields["Data"]) == ("ChanSpy", "hotline-1795380205.1,uoqSE")
    assert (fields["Codecs"], fields["Async"]) == ("slin", "true")


async def test_it_is_ended_by_the_name_it_goes_under():
    orders = Orders()
    await control(orders).stop_listening("127.0.0.1:40001", EAR)
    assert orders.given == [("Hangup", {"Channel": f"AudioSocket/127.0.0.1:40001-{EAR}", "Cause": "16"})]


async def test_a_spy_that_is_gone_already_is_said_to_be():
    with pytest.raises(ActionRefused):
        await control(Orders(gone=True)).stop_listening("127.0.0.1:40001", EAR)


@pytest.mark.parametrize(
    ("call", "audio", "ear"),
    [
        ("1.1,o(x)", "127.0.0.1:1", EAR),
        ("", "127.0.0.1:1", EAR),
        ("${SHELL(ls)}", "127.0.0.1:1", EAR),
        ("1.1", "127.0.0.1:1/x", EAR),
        ("1.1", "127.0.0.1", EAR),
        ("1.1", "a b:1", EAR),
        ("1.1", "127.0.0.1:1\r\nAction: Logoff", EAR),
        ("1.1", "127.0.0.1:1", "not an ear"),
        ("1.1", "127.0.0.1:1", EAR + ",x"),
    ],
)
async def test_no_word_of_another_kind_becomes_a_part_of_the_order(call: str, audio: str, ear: str):
    orders = Orders()
    with pytest.raises(ValueError):
        await control(orders).listen_in(call, audio, ear)
    assert orders.given == []
