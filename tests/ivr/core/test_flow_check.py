"""The checks of a menu as a graph, on flows made by hand: no files, no lines."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ivr.core.flow import (
    BranchNode,
    Choice,
    CollectNode,
    EnqueueNode,
    Flow,
    GotoNode,
    HangupNode,
    Ladder,
    LanguageNode,
    MenuNode,
    Node,
    SayNode,
    ways_out,
)
from ivr.core.flow_check import check_flows
from ivr.core.flow_graph import Spot, destination, edges, exits, reachable, rounds, silent
from ivr.core.flow_node_check import Problem
from ivr.core.suggestion import did_you_mean, nearest

HELLO = {"ru": "Здравствуйте"}
END = HangupNode()


def flow(start: str = "a", name: str = "main", **nodes: Node) -> Flow:
    return Flow(name, "v1", start, nodes)


def menu(*targets: str, then: str = "end") -> MenuNode:
    choices = tuple(Choice(f"c{key}", target, str(key)) for key, target in enumerate(targets))
    return MenuNode(HELLO, choices, no_input=Ladder(then), no_match=Ladder(then))


def checked(*flows: Flow) -> list[Problem]:
    return check_flows({one.name: one for one in flows}, [flows[0].name], ["ru"])


def codes(*flows: Flow) -> list[str]:
    return [one.code for one in checked(*flows)]


def test_a_menu_that_ends_everywhere_has_no_problem() -> None:
    assert checked(flow(a=SayNode(HELLO, "b"), b=menu("end", "b"), end=END)) == []


def test_a_menu_may_come_back_to_itself_by_a_key() -> None:
    assert checked(flow(a=menu("a"), end=END)) == []


def test_a_question_that_is_silent_in_the_end_leads_out() -> None:
    (problem,) = checked(flow(a=menu("end", then="b"), b=SayNode(HELLO, "a"), end=END))[:1]
    assert (problem.code, problem.path) == ("no-way-out", ("nodes", "a", "menu", "no_input", "then"))


def test_two_questions_that_hand_a_silent_caller_to_each_other_are_no_way_out() -> None:
    two = flow(a=menu("end", then="b"), b=menu("end", then="a"), end=END)
    assert codes(two) == ["no-way-out", "no-way-out"]  # for silence and for wrong keys


def test_a_talk_between_two_questions_is_no_loop() -> None:
    assert checked(flow(a=menu("end", then="b"), b=EnqueueNode("help", next="a"), end=END)) == []


def test_a_loop_of_silent_nodes_names_its_way_once() -> None:
    (problem,) = checked(
        flow(
            a=LanguageNode("ru", "b"), b=BranchNode("language", {"ru": "c"}, "end"), c=GotoNode("b"), end=END
        )
    )
    assert problem.code == "silent-loop"
    assert "b → c → b" in problem.sentence


def test_two_loops_are_two_problems() -> None:
    two = flow(a=menu("b", "c"), b=GotoNode("b"), c=SayNode(HELLO, "d"), d=GotoNode("c"), end=END)
    assert codes(two) == ["silent-loop", "silent-loop"]


def test_an_empty_target_was_told_by_the_reader_and_is_no_problem_here() -> None:
    assert codes(flow(a=menu("end", then=""), end=END)) == []


def test_a_broken_node_exists_and_may_lead_to_every_word_in_it() -> None:
    one = flow(a=GotoNode("broken"), b=HangupNode(), c=HangupNode())
    found = check_flows({"main": one}, ["main"], [], {"main": {"broken": ["b", "say"]}})
    assert [(problem.code, problem.path) for problem in found] == [("unreachable", ("nodes", "c"))]


def test_a_text_is_wanted_in_every_language_of_the_site() -> None:
    found = check_flows({"main": flow(a=SayNode(HELLO, "end"), end=END)}, ["main"], ["ru", "en"])
    assert [problem.path for problem in found] == [("nodes", "a", "say", "en")]


def test_without_a_site_every_node_that_speaks_says_something() -> None:
    assert [one.code for one in check_flows({"main": flow(a=SayNode({}, "end"), end=END)}, ["main"])] == [
        "no-text"
    ]


def test_a_goto_may_lead_into_another_menu_and_make_its_nodes_reachable() -> None:
    other = flow("a", "other", a=HangupNode(), b=HangupNode())
    assert codes(flow(a=menu("b"), b=GotoNode("other.b"), end=END), other) == ["unreachable"]


EVERY_KIND: list[Node] = [
    SayNode(HELLO, "x"),
    menu("x", "y", then="z"),
    CollectNode(HELLO, "store", "x", Ladder("y"), Ladder("z")),
    BranchNode("hours", {"day": "x"}, "y"),
    LanguageNode("en", "x"),
    EnqueueNode("help", when_full="x", next="y"),
    GotoNode("other.x"),
    HangupNode(),
]


def test_the_ways_out_are_those_that_the_interpreter_takes() -> None:
    for node in EVERY_KIND:
        assert [way.target for way in exits(node)] == [target for _, target in ways_out(node)]


names = st.sampled_from("abcdef")
nodes = st.one_of(
    st.builds(GotoNode, names),
    st.builds(SayNode, st.just(HELLO), names),
    st.builds(lambda one, two: BranchNode("hours", {"day": one}, two), names, names),
    st.builds(lambda one, two: EnqueueNode("help", when_full=one, next=two), names, names),
    st.builds(lambda one, then: menu(one, then=then), names, names),
    st.just(END),
)


@given(st.dictionaries(names, nodes, min_size=1))
def test_there_is_a_silent_loop_exactly_when_some_node_comes_back_to_itself(drawn: dict[str, Node]) -> None:
    flows = {"main": Flow("main", "v1", "a", drawn)}
    ways = edges(flows, silent)
    coming_back = {spot for spot, targets in ways.items() if spot in reachable(ways, targets)}
    found = rounds(ways)
    assert bool(found) == bool(coming_back)
    for way in found:
        assert way[0] == way[-1]
        assert all(after in ways[before] for before, after in pairwise(way))
    told = {spot for way in found for spot in reachable(ways, way)}
    assert coming_back <= told | {spot for spot in coming_back if told & reachable(ways, ways[spot])}


@given(st.dictionaries(names, nodes, min_size=1))
def test_every_dangling_target_is_told_and_nothing_else_is_called_dangling(drawn: dict[str, Node]) -> None:
    one = Flow("main", "v1", next(iter(drawn)), drawn)
    told = {problem.path for problem in check_flows({"main": one}, ["main"]) if problem.code == "dangling"}
    expected = {
        ("nodes", name, *way.path)
        for name, node in drawn.items()
        for way in exits(node)
        if destination("main", node, way.target) not in {Spot("main", known) for known in drawn}
    }
    assert told == expected


def test_the_name_that_was_meant_is_found_whatever_its_case() -> None:
    assert nearest("Медицина", ["медицина", "право"]) == "медицина"
    assert did_you_mean("xyz", []) == "there is none yet"
    assert did_you_mean("xyz", map(str, range(100, 120))).endswith("and 12 more")
