"""When a silent link is given up and when not, without a socket."""

import asyncio

import pytest

from ivr.asterisk.ami_errors import ActionRefused, ActionTimedOut, AmiUnreachable, LinkDown
from ivr.asterisk.link_keeper import LinkKeeper, Pace

QUICK = Pace(ping_every=0.001, ping_patience=7.0, backoff=(0.001,))


class ScriptedLink:
    """Answers each probe with the next of `script`: an error to raise, "events" for a time-out during which
    something else came, or None for a pong. After the last one it breaks."""

    def __init__(self, *script: Exception | str | None) -> None:
        self.gone = asyncio.get_running_loop().create_future()
        self.reads = 0
        self.probes = 0
        self.ended: list[str] = []
        self._script = list(script)

    async def probe(self, patience: float) -> None:
        assert patience == QUICK.ping_patience
        self.probes += 1
        if not self._script:
            self.gone.set_result(None)
            raise LinkDown("broken")
        step = self._script.pop(0)
        if step is None or step == "events":
            self.reads += 1
        if step == "events":
            raise ActionTimedOut("no pong")
        if isinstance(step, Exception):
            raise step

    def end(self, why: str) -> None:
        self.ended.append(why)
        self.gone.set_result(None)


async def kept(*attempts: ScriptedLink | Exception) -> list[ScriptedLink]:
    """Run a keeper over the outcomes of its attempts; the first link is the one it is given."""
    waiting, done = list(attempts[1:]), asyncio.Event()

    async def open_again() -> ScriptedLink:
        if not waiting:
            done.set()
            await asyncio.Event().wait()
        outcome = waiting.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    first = attempts[0]
    assert isinstance(first, ScriptedLink)
    keeping = asyncio.create_task(LinkKeeper(open_again, QUICK).keep(first))
    async with asyncio.timeout(5):
        await done.wait()
    keeping.cancel()
    return [link for link in attempts if isinstance(link, ScriptedLink)]


async def test_a_link_that_answers_is_left_alone():
    [link] = await kept(ScriptedLink(None, None, None))
    assert (link.probes, link.ended) == (4, [])


async def test_a_link_on_which_nothing_comes_after_a_ping_is_ended():
    [link] = await kept(ScriptedLink(None, ActionTimedOut("no pong"), None))
    assert link.probes == 2
    assert "7 s" in link.ended[0]


async def test_a_switch_that_owes_the_pong_but_goes_on_sending_events_is_not_given_up():
    [link] = await kept(ScriptedLink("events", "events", None))
    assert (link.probes, link.ended) == (4, [])


async def test_a_refused_ping_is_a_sign_of_life():
    [link] = await kept(ScriptedLink(ActionRefused("Ping", "Permission denied"), None))
    assert (link.probes, link.ended) == (3, [])


@pytest.mark.parametrize("failures", [0, 1, 5])
async def test_after_a_loss_it_tries_until_it_succeeds_and_watches_the_new_link(failures: int):
    second = ScriptedLink(None)
    await kept(ScriptedLink(), *[AmiUnreachable("x:1", "no")] * failures, second)
    assert second.probes == 2


def test_by_default_a_half_open_link_is_noticed_within_ten_seconds():
    assert Pace().ping_every + Pace().ping_patience < 10
