"""What the caller may say at a question, for the ear."""

from __future__ import annotations

from datetime import date

from ivr.core.commands import Expect
from ivr.core.entry import lengths
from ivr.core.flow import CollectNode, Flow, ListeningNode, MenuNode
from ivr.core.spoken_commands import commands

NONE = "none"
"""Names, among what is expected, that the caller has no such thing as is collected."""


def expect(
    flow: Flow,
    node: ListeningNode,
    language: str,
    today: date,
    *,
    entered: str = "",
    confirming: bool = False,
) -> Expect | None:
    """None when nothing that could be said in this language means anything here.

    entered: digits there are already. confirming: yes or no, or another of the question's own answers.
    """
    phrases = _phrases(node, language)
    anywhere = commands(flow, language, [one for many in phrases.values() for one in many])
    if confirming:
        return Expect("yes_no", language, phrases, anywhere)
    if isinstance(node, MenuNode):
        return Expect("menu", language, phrases, anywhere) if phrases or anywhere else None
    least, most = lengths(node) if node.what == "digits" else (1, 40)
    left = (max(1, least - len(entered)), max(1, most - len(entered)))
    return Expect(
        node.what, language, phrases, anywhere, left, today.isoformat() if node.what == "date" else ""
    )


def _phrases(node: ListeningNode, language: str) -> dict[str, tuple[str, ...]]:
    if isinstance(node, CollectNode):
        return {NONE: node.none[language]} if node.none.get(language) else {}
    return {choice.name: choice.phrases[language] for choice in node.choices if choice.phrases.get(language)}
