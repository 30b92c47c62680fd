"""What people who ring up know of a menu: its topics, their keys, and what may be said for them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.core.flow import Choice, CollectNode, EnqueueNode, Flow, GotoNode, LanguageNode, MenuNode, SayNode
from ivr.core.spoken_commands import commands, plain

KEYS = "1234567890*#"


class NoMenu(Exception):
    """The demonstration's callers need a menu on the straight way from the start; the text names the flow."""


@dataclass(frozen=True)
class Entry:
    """A number that is asked for on the way to a topic. node: "flow.node". none: what is said by one without it."""

    node: str
    digits: int
    end: str
    none: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One thing to be had from the menu. choice: its name. phrases: what may be said for it."""

    choice: str
    key: str
    topic: str
    phrases: tuple[str, ...]
    entry: Entry | None = None


@dataclass(frozen=True)
class MenuBook:
    """The first menu that a number's callers hear, in one language.

    node: "flow.node". before: prompts heard ahead of its question. items: one for each topic.
    no_key: a key that is no choice. person: how to ask for a person, `person_topic`: where that leads, and
    `person_choice`: by which choice, "" for none.
    repeat: how to ask for the question once more. nobody: topic of those who say and press nothing.
    """

    language: str
    node: str
    before: tuple[str, ...]
    choices: tuple[str, ...]
    items: tuple[Item, ...]
    no_key: str
    person: tuple[str, ...]
    person_topic: str
    person_choice: str
    repeat: tuple[str, ...]
    nobody: str

    def item(self, topic: str) -> Item:
        return next(item for item in self.items if item.topic == topic)


def menu_book(flows: Mapping[str, Flow], start: str, language: str) -> MenuBook:
    """start: the flow's name. Raises NoMenu."""
    flow = flows[start]
    name, before = _first_menu(flow)
    node = flow.nodes[name]
    assert isinstance(node, MenuNode)  # noqa: S101  what _first_menu is for
    items: dict[str, Item] = {}
    for choice in node.choices:
        topic, entry = _leads_to(flow, choice.next, language)
        if topic and choice.key and topic not in items:
            phrases = choice.phrases.get(language, ())
            items[topic] = Item(choice.name, choice.key, topic, phrases, entry)
    taken = {choice.key for choice in node.choices}
    nobody = _leads_to(flow, node.no_input.then, language)[0] or ""
    said = commands(flow, language)
    person = _person_choice(node, said.get("person", ()), language)
    person_way = person.next if person else flow.person or node.no_match.then
    return MenuBook(
        language=language,
        node=f"{start}.{name}",
        before=tuple(f"{start}.{one}.say" for one in before),
        choices=tuple(choice.name for choice in node.choices),
        items=tuple(items.values()),
        no_key=next((key for key in KEYS if key not in taken), "#"),
        person=said.get("person", ()),
        person_topic=_leads_to(flow, person_way, language)[0] or nobody,
        person_choice=person.name if person else "",
        repeat=said.get("repeat", ()),
        nobody=nobody,
    )


def _first_menu(flow: Flow) -> tuple[str, list[str]]:
    """The menu's name, and the sentences before it; at a branch the first case, which is "open"."""
    name, said = flow.start, []
    for _ in flow.nodes:
        node = flow.nodes[name]
        if isinstance(node, MenuNode):
            return name, said
        if isinstance(node, SayNode):
            said.append(name)
        follows = _next(node)
        if follows is None or follows not in flow.nodes:
            break
        name = follows
    raise NoMenu(f"{flow.name} has no menu on the straight way from its start")


def _next(node: object) -> str | None:
    if isinstance(node, SayNode | LanguageNode | CollectNode):
        return node.next
    if isinstance(node, GotoNode):
        return node.to
    cases = getattr(node, "cases", None)
    return next(iter(cases.values())) if cases else None


def _leads_to(flow: Flow, name: str, language: str) -> tuple[str | None, Entry | None]:
    """The topic at the end of a straight way, and the number asked for on it."""
    entry = None
    for _ in flow.nodes:
        node = flow.nodes.get(name)
        if isinstance(node, EnqueueNode):
            return node.topic, entry
        if isinstance(node, CollectNode):
            entry = Entry(
                f"{flow.name}.{name}", node.digits.max, node.digits.end or "", node.none.get(language, ())
            )
        elif not isinstance(node, SayNode | LanguageNode):
            break
        name = node.next
    return None, None


def _person_choice(menu: MenuNode, phrases: tuple[str, ...], language: str) -> Choice | None:
    """A choice that has the very phrase wins over the command of the whole menu file."""
    said = plain(phrases[0]) if phrases else ""
    having = (one for one in menu.choices if said in map(plain, one.phrases.get(language, ())))
    return next(having, None)
