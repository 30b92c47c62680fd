"""The notation must fail where the menu does something else: a test that cannot fail proves nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.core.events import Digit, PromptFinished, Started
from ivr.core.playbook import Playbook, enqueue, hangup, listen, note, nothing, play, stop
from tests.ivr.core.calls import OPEN
from tests.ivr.core.menus import HELPLINE


def greeted() -> Playbook:
    return Playbook(HELPLINE, hours=OPEN) >> Started() << play("greeting.say")


def test_a_prompt_is_named_with_or_without_its_flow():
    greeted() >> PromptFinished() << play("main.topic.ask") << listen(5)


def test_another_prompt_than_expected_fails_and_tells_the_conversation_so_far():
    with pytest.raises(AssertionError, match=r"expected Play\(prompt='closed.say'\)") as failure:
        greeted() >> PromptFinished() << play("closed.say")
    assert "main.topic.ask" in str(failure.value) and "main.greeting.say" in str(failure.value)


def test_another_field_than_expected_fails():
    with pytest.raises(AssertionError, match="language='en'"):
        Playbook(HELPLINE, hours=OPEN) >> Started() << play("greeting.say", language="en")


def test_data_that_the_queue_was_not_given_fails():
    with pytest.raises(AssertionError, match="Enqueue"):
        greeted() >> Digit("1") << stop() << enqueue("medical", data={"card": "1"})


def test_a_command_nobody_expected_fails_at_the_next_event():
    with pytest.raises(AssertionError, match=r"the menu also did Listen\(seconds=5"):
        greeted() >> PromptFinished() << play("topic.ask") >> Digit("1")


def test_a_command_nobody_expected_fails_where_nothing_was_expected():
    with pytest.raises(AssertionError, match="the menu also did StopPlaying"):
        greeted() >> Digit("1") << nothing()


def test_a_command_that_was_not_given_fails():
    with pytest.raises(AssertionError, match=r"expected Hangup\(\), but the menu did nothing"):
        greeted() << hangup()


def test_a_step_of_the_story_that_was_not_taken_fails():
    with pytest.raises(AssertionError, match="expected Note"):
        greeted() >> Digit("1") << note("no match")


def test_time_passes_between_events_only_when_told_to():
    book = greeted()
    begun = book.at
    assert (book >> timedelta(seconds=3)).at - begun == timedelta(seconds=3)


def test_what_follows_nothing_is_named_nothing():
    assert str(nothing()) == "nothing"
