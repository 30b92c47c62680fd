"""Every sentence of a menu that can be made audible before the first call."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.core.flow import Choice, CollectNode, EnqueueNode, Flow, Ladder, MenuNode, Node, SayNode, Texts
from ivr.core.own_sentences import CHOICE, FIXED


def prompts(flow: Flow) -> list[tuple[str, Texts]]:
    """(prompt name, texts by language), in the order of the file, our own sentences about speech last.

    Names: "<flow>.<node>.<part>"; part: "say", "ask", "ask_spoken", "no_input.1", "no_match_spoken.2",
    "confirm.<choice>". Absent texts (a silent enqueue) are left out.
    """
    told = [
        (f"{flow.name}.{name}.{part}", texts)
        for name, node in flow.nodes.items()
        for part, texts in _node_texts(node)
        if texts
    ]
    if not any(
        isinstance(node, MenuNode | CollectNode) and not node.speech.off for node in flow.nodes.values()
    ):
        return told
    spoken = dict.fromkeys(language for _, texts in told for language in texts)
    own = [
        (name, {one: text for one, text in texts.items() if one in spoken}) for name, texts in FIXED.items()
    ]
    return told + [(name, texts) for name, texts in own if texts]


def confirmation(choice: Choice) -> Texts:
    """The sentence that asks back whether this choice was meant."""
    return {
        language: sentence.format(title.strip().rstrip(".!?"))
        for language, sentence in CHOICE.items()
        if (title := choice.title.get(language) or next(iter(choice.phrases.get(language, ())), ""))
    }


def _node_texts(node: Node) -> Iterator[tuple[str, Texts]]:
    if isinstance(node, SayNode | EnqueueNode):
        yield "say", node.say
    elif isinstance(node, MenuNode | CollectNode):
        yield "ask", node.ask
        yield "ask_spoken", node.ask_spoken
        for ladder in ("no_input", "no_match"):
            rungs: Ladder = getattr(node, ladder)
            for number, text in enumerate(rungs.say, start=1):
                yield f"{ladder}.{number}", text
            for number, text in enumerate(rungs.say_spoken, start=1):
                yield f"{ladder}_spoken.{number}", text
    if isinstance(node, MenuNode) and not node.speech.off:
        for choice in node.choices:
            yield f"confirm.{choice.name}", confirmation(choice)
