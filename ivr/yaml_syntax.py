"""What a YAML parser means when it complains, in words for the person who wrote the file."""

from __future__ import annotations

from ruamel.yaml.error import YAMLError

from ivr.finding import Finding

_HINTS = (
    ("mapping values are not allowed", "a colon too many, or a text with a colon that needs quotes"),
    ("'\\t'", "a tab; YAML indents with spaces only"),
    ("found another document", "a second document (---); one file holds one document"),
    ("undefined alias", "an alias (*name) of an anchor that does not exist; a text with * needs quotes"),
    ("end of stream", "a quote or bracket is opened and never closed"),
    ("got '<stream end>'", "a quote or bracket is opened and never closed"),
    ("found '<stream end>'", "a quote or bracket is opened and never closed"),
    ("expected <block end>", "the indentation does not fit the lines above, or a dash is missing"),
    ("could not find expected ':'", "a key without its colon, or a line that is indented wrongly"),
    ("unknown escape character", "a backslash in double quotes; use single quotes or double it"),
    ("cannot start any token", "a character that needs quotes at the start of a text"),
)


def syntax_finding(why: YAMLError, shown: str) -> Finding:
    """The parser's complaint as a finding about the file `shown`, with the way out where one is known."""
    problem = str(getattr(why, "problem", "") or why)
    mark = getattr(why, "problem_mark", None) or getattr(why, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    meaning = next((hint for sign, hint in _HINTS if sign in problem), problem.splitlines()[0])
    return Finding(shown, line, column, "error", "yaml-syntax", f"this is not YAML: {meaning}")
