"""A scenario file with another roster; the rest of it, comments included, stays as it was."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from loadtest.scenario import OperatorGroup

WIDTH = 160


def scenario_with_roster(source: Path, operators: Sequence[OperatorGroup], remark: str) -> str:
    """The text of `source` with these operators in place of its own. remark: one line above them."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    tree = yaml.load(source.read_text(encoding="utf-8"))
    groups = CommentedSeq([_group(one) for one in operators])
    tree["operators"] = groups
    tree.ca.items.pop("operators", None)
    tree.yaml_set_comment_before_after_key("operators", before=remark)
    out = io.StringIO()
    yaml.dump(tree, out)
    return out.getvalue()


def _group(group: OperatorGroup) -> CommentedMap:
    said = group.model_dump(exclude_defaults=True)
    if group.lines is not None:
        said.pop("line", None)
    return _in_one_line({"count": group.count, **said})


def _in_one_line(value: Any) -> Any:
    if isinstance(value, dict):
        found: Any = CommentedMap((key, _in_one_line(one)) for key, one in value.items())
    elif isinstance(value, list):
        found = CommentedSeq([_in_one_line(one) for one in value])
    else:
        whole = isinstance(value, float) and value.is_integer()
        return int(value) if whole else value
    found.fa.set_flow_style()
    return found
