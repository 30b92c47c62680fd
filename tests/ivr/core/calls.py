"""Calls that have come as far as a question, an entry, the queue; and short menus for them."""

from __future__ import annotations

from ivr.core.events import (
    Digit,
    PromptFinished,
    Started,
)
from ivr.core.flow import (
    CollectNode,
    Digits,
    HangupNode,
    Ladder,
)
from ivr.core.playbook import Playbook, enqueue, listen, play, stop
from tests.ivr.core.menus import ALWAYS, HELPLINE, flow, said

OPEN = {"reception": ALWAYS}
OUT = Ladder(then="end")


def at_the_topic(**options: object) -> Playbook:
    """The question is being asked."""
    return (
        Playbook(HELPLINE, "main.topic", hours=OPEN, **options) >> Started() << play("topic.ask") << listen(5)
    )


def at_the_card() -> Playbook:
    return at_the_topic() >> Digit("2") << stop() << play("card.ask") << listen(6)


def queued() -> Playbook:
    return (
        Playbook(HELPLINE, "main.to_general")
        >> Started()
        << play("to_general.say")
        >> PromptFinished()
        << enqueue("general")
    )


TWO_CODES = flow(
    {
        "first": CollectNode(
            ask=said("Первый?"),
            store="first",
            digits=Digits(1, 2, "#"),
            next="second",
            no_input=OUT,
            no_match=OUT,
        ),
        "second": CollectNode(
            ask=said("Второй?"),
            store="second",
            digits=Digits(0, 2, "#"),
            next="end",
            no_input=OUT,
            no_match=OUT,
        ),
        "end": HangupNode(),
    }
)
