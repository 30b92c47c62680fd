"""What callers may say in a menu: are the phrases told apart, is there a person for those who ask for one?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ivr.core.flow import CollectNode, Flow, ListeningNode, MenuNode
from ivr.core.flow_graph import Step, word_of
from ivr.core.flow_node_check import Problem, no_language
from ivr.core.spoken_commands import plain
from ivr.core.suggestion import did_you_mean


def check_speech(flow: Flow, languages: Sequence[str], broken: Collection[str] = ()) -> Iterator[Problem]:
    """Everything that is wrong about speech in one menu. languages: the site's. broken: nodes not understood."""
    yield from _person(flow, languages, broken)
    for command, phrases in flow.commands.items():
        yield from _languages(flow, ("commands", command), phrases, languages)
    for name, node in flow.nodes.items():
        if isinstance(node, MenuNode | CollectNode):
            yield from _node(flow, name, node, languages)


def _person(flow: Flow, languages: Sequence[str], broken: Collection[str]) -> Iterator[Problem]:
    if flow.person is not None and flow.person not in flow.nodes and flow.person not in broken:
        sentence = f"person: there is no node '{flow.person}'; {did_you_mean(flow.person, flow.nodes)}"
        yield Problem(flow.name, ("person",), "dangling", sentence)
    if flow.person is None and any(_spoken(node, languages) for node in flow.nodes.values()):
        sentence = "callers may speak here, and some will ask for a person: name the node they go to with person: NODE"
        yield Problem(flow.name, ("start",), "no-person", sentence, "warning", key=True)


def _spoken(node: object, languages: Sequence[str]) -> bool:
    return isinstance(node, MenuNode) and any(
        not languages or language in languages for choice in node.choices for language in choice.phrases
    )


def _node(flow: Flow, name: str, node: ListeningNode, languages: Sequence[str]) -> Iterator[Problem]:
    at = ("nodes", name, word_of(node))
    if node.speech.unsure > node.speech.sure:
        sentence = f"unsure {node.speech.unsure:g} is above sure {node.speech.sure:g}; exchange them"
        yield Problem(flow.name, (*at, "speech", "unsure"), "thresholds", sentence)
    yield from _languages(flow, (*at, "ask_spoken"), node.ask_spoken, languages)
    for ladder in ("no_input", "no_match"):
        for turn, texts in enumerate(getattr(node, ladder).say_spoken):
            yield from _languages(flow, (*at, ladder, "say_spoken", turn), texts, languages)
    if isinstance(node, CollectNode):
        yield from _languages(flow, (*at, "none"), node.none, languages)
    else:
        for choice in node.choices:
            for part, said in (("phrases", choice.phrases), ("title", choice.title)):
                yield from _languages(flow, (*at, "choices", choice.name, part), said, languages)
        yield from _twice(flow, at, node)
        yield from _lacking(flow, name, node, languages)


def _languages(
    flow: Flow, at: tuple[Step, ...], said: Collection[str], languages: Sequence[str]
) -> Iterator[Problem]:
    for language in said:
        if languages and language not in languages:
            yield no_language(flow.name, (*at, language), language, languages)


def _twice(flow: Flow, at: tuple[Step, ...], node: MenuNode) -> Iterator[Problem]:
    """The same words for two choices: whichever is taken is wrong for half of the callers."""
    taken: dict[tuple[str, str], str] = {}
    for choice in node.choices:
        for language, phrases in choice.phrases.items():
            for phrase in phrases:
                other = taken.setdefault((language, plain(phrase)), choice.name)
                if other != choice.name:
                    sentence = (
                        f"'{phrase}' is said for '{other}' and for '{choice.name}'; keep it in one of them"
                    )
                    path = (*at, "choices", choice.name, "phrases", language)
                    yield Problem(flow.name, path, "phrase-twice", sentence)


def _lacking(flow: Flow, name: str, node: MenuNode, languages: Sequence[str]) -> Iterator[Problem]:
    spoken = {language for choice in node.choices for language in choice.phrases}
    for language in sorted(spoken.intersection(languages) if languages else spoken):
        for choice in node.choices:
            # A key that asks the question again needs no phrase: "repeat" is understood everywhere.
            if not choice.phrases.get(language) and choice.next != name:
                sentence = f"'{choice.name}' has no phrase in '{language}', as others have: it needs a key"
                path = ("nodes", name, "menu", "choices", choice.name)
                yield Problem(flow.name, path, "no-phrase", sentence, "warning", key=True)
