import pytest

from ivr.asterisk.ami_fields import LONGEST_LINE, MOST_HEADERS, checked

SECRET = "79161234567"


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\0"])
@pytest.mark.parametrize("place", ["{}Action: Hangup", "x{}", "x{}Variable: A=1"])
def test_a_value_cannot_carry_another_action(end, place):
    with pytest.raises(ValueError, match="must not contain CR, LF or NUL"):
        checked("Redirect", {"Exten": place.format(end)})
    with pytest.raises(ValueError, match="Variable"):
        checked("Originate", {"Variable": ["A=1", place.format(end)]})


@pytest.mark.parametrize(
    "name", ["", "Exten: 1", "Ex\nten", "Ex\0ten", "1x", "Кому", "Action", "action", " Exten"]
)
def test_what_is_not_the_name_of_a_header_is_refused(name):
    with pytest.raises(ValueError, match="is not a header"):
        checked("Redirect", {name: "1"})


@pytest.mark.parametrize("action", ["", "Ping\r\n", "Ping\r\nAction: Hangup", "A B"])
def test_what_is_not_the_name_of_an_action_is_refused(action):
    with pytest.raises(ValueError, match="not the name"):
        checked(action, None)


@pytest.mark.parametrize("value", [SECRET + "\n", SECRET + "\ud800", SECRET * 100])
def test_a_refusal_names_the_header_and_not_the_number_in_it(value):
    with pytest.raises(ValueError, match="CallerID") as refusal:
        checked("Originate", {"CallerID": value})
    assert SECRET not in str(refusal.value)
    assert refusal.value.__cause__ is None


@pytest.mark.parametrize("value", [1, None, b"1", ["1", 2]])
def test_only_text_is_sent(value):
    with pytest.raises((ValueError, TypeError)):
        checked("Redirect", {"Priority": value})


def test_a_line_may_be_as_long_as_asterisk_reads_and_not_longer_counted_in_bytes():
    room = LONGEST_LINE - len("Data: ")
    assert checked("Originate", {"Data": "x" * room}) == {"Data": "x" * room}
    with pytest.raises(ValueError, match="1023 bytes"):
        checked("Originate", {"Data": "x" * (room + 1)})
    with pytest.raises(ValueError, match="Data"):
        checked("Originate", {"Data": "ю" * (room // 2 + 1)})


def test_there_may_be_as_many_headers_as_asterisk_keeps_and_not_more():
    most = ["A=1"] * (MOST_HEADERS - 2)  # Action and ActionID are the other two
    assert checked("Originate", {"Variable": most}) == {"Variable": most}
    with pytest.raises(ValueError, match="129 headers"):
        checked("Originate", {"Variable": [*most, "A=1"]})


def test_text_of_any_language_is_sent_as_it_is():
    assert checked("Originate", {"CallerID": "Ёжик <100>", "Variable": ("A=1",)}) == {
        "CallerID": "Ёжик <100>",
        "Variable": ["A=1"],
    }
