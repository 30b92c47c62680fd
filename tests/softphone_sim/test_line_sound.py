"""When something begins to be heard on a line, and when it ends."""

from __future__ import annotations

from softphone_sim.line_sound import QUIET_AFTER, LineSound


def looks(line: LineSound, pattern: list[tuple[float, bool]], every: float = 0.01) -> list[tuple[str, float]]:
    """pattern: (seconds, loud) one after the other from 0 on. Returns the news, times rounded."""
    found, now = [], 0.0
    for seconds, loud in pattern:
        for _ in range(round(seconds / every)):
            if news := line.look(loud, now):
                found.append((news[0], round(news[1], 2)))
            now += every
    return found


def test_a_prompt_sounds_from_its_first_moment_and_is_quiet_from_its_last():
    news = looks(LineSound(), [(1, False), (2, True), (1, False)])
    assert news == [("sounds", 1.0), ("quiet", 2.99)]


def test_a_gap_between_two_words_is_not_quiet():
    news = looks(LineSound(), [(1, True), (QUIET_AFTER - 0.05, False), (1, True), (1, False)])
    assert [kind for kind, _ in news] == ["sounds", "quiet"]


def test_a_click_is_no_sound():
    assert looks(LineSound(), [(1, False), (0.03, True), (1, False)]) == []


def test_the_next_prompt_sounds_anew():
    news = looks(LineSound(), [(1, True), (1, False), (1, True), (1, False)])
    assert [kind for kind, _ in news] == ["sounds", "quiet"] * 2
