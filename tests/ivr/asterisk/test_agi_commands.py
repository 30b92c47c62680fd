from urllib.parse import quote

import pytest

from ivr.asterisk.agi_commands import AgiCommands, AgiResult, read_result
from ivr.asterisk.ami_errors import AgiLeft, LinkDown

ONE, OTHER = "PJSIP/caller1-00000001", "PJSIP/caller2-00000002"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("200 result=0\n", AgiResult(200, "0", "")),
        ("200 result=1 (Привет)\n", AgiResult(200, "1", "Привет")),
        ("200 result=1 (a (b) c)\n", AgiResult(200, "1", "a (b) c")),
        ("200 result=5\n", AgiResult(200, "5", "")),
        ("200 result= (timeout)\n", AgiResult(200, "", "timeout")),
        ("200 result=-1 endpos=0\n", AgiResult(200, "-1", "endpos=0")),
        ("510 Invalid or unknown command\n", AgiResult(510, "", "Invalid or unknown command")),
        (
            "511 Command Not Permitted on a dead channel\n",
            AgiResult(511, "", "Command Not Permitted on a dead channel"),
        ),
        ("520-Invalid syntax.\nUsage\n520 End\n", AgiResult(520, "", "Invalid syntax.\nUsage\n520 End")),
        ("HANGUP\n", AgiResult(0, "", "HANGUP")),
        ("", AgiResult(0, "", "")),
    ],
)
def test_a_result_is_read_as_asterisk_writes_it(said, meant):
    assert read_result(quote(said)) == meant


async def test_a_command_is_through_when_its_own_result_comes_and_no_other():
    commands = AgiCommands()
    first, second = commands.start(ONE, "c1"), commands.start(ONE, "c2")
    commands.see({"Event": "AsyncAGIExec", "Channel": ONE, "CommandId": "c2", "Result": "200%20result%3D2"})
    assert not first.done()
    assert await second == AgiResult(200, "2", "")
    commands.see({"Event": "AsyncAGIExec", "Channel": ONE, "CommandID": "c1", "Result": "200%20result%3D1"})
    assert await first == AgiResult(200, "1", "")


@pytest.mark.parametrize(("event", "hung_up"), [("Hangup", True), ("AsyncAGIEnd", False)])
async def test_when_a_channel_goes_all_its_commands_end_and_only_its(event, hung_up):
    commands = AgiCommands()
    mine, also_mine, anothers = commands.start(ONE, "1"), commands.start(ONE, "2"), commands.start(OTHER, "3")
    commands.see({"Event": event, "Channel": ONE})
    for future in (mine, also_mine):
        with pytest.raises(AgiLeft) as left:
            await future
        assert (left.value.channel, left.value.hung_up) == (ONE, hung_up)
    assert not anothers.done()


async def test_a_result_that_came_before_the_end_stays():
    commands = AgiCommands()
    through = commands.start(ONE, "1")
    commands.see({"Event": "AsyncAGIExec", "CommandId": "1", "Result": "200%20result%3D-1"})
    commands.see({"Event": "AsyncAGIEnd", "Channel": ONE})
    assert (await through).result == "-1"


async def test_a_channel_outside_agi_takes_no_command_until_it_is_back():
    commands = AgiCommands()
    commands.see({"Event": "AsyncAGIEnd", "Channel": ONE})
    with pytest.raises(AgiLeft):
        commands.start(ONE, "1")
    assert not commands.start(OTHER, "2").done()
    commands.see({"Event": "AsyncAGIStart", "Channel": ONE})
    assert not commands.start(ONE, "3").done()


async def test_a_channel_that_hung_up_leaves_no_trace():
    commands = AgiCommands()
    commands.see({"Event": "AsyncAGIEnd", "Channel": ONE})
    commands.see({"Event": "Hangup", "Channel": ONE})
    assert not commands.start(ONE, "1").done(), "the name may be given to a new call"


async def test_with_the_link_goes_every_hope_and_all_that_was_known():
    commands = AgiCommands()
    through = commands.start(ONE, "1")
    commands.see({"Event": "AsyncAGIEnd", "Channel": OTHER})
    commands.link_lost("cut")
    with pytest.raises(LinkDown, match="cut"):
        await through
    assert not commands.start(OTHER, "2").done(), "it may have come back to AGI unseen"


async def test_what_is_forgotten_is_ignored_when_it_comes():
    commands = AgiCommands()
    through = commands.start(ONE, "1")
    commands.forget("1")
    commands.forget("1")
    commands.see({"Event": "AsyncAGIExec", "CommandId": "1", "Result": "200%20result%3D1"})
    commands.see({"Event": "Hangup", "Channel": ONE})
    assert through.cancelled()
    assert len(commands) == 0
    assert not commands._of_channel
