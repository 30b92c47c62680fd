"""The menu's notes (ivr.core's `Note`) as sentences. A note that is not known is told as it stands."""

from __future__ import annotations

from collections.abc import Mapping

_SENTENCES = {
    "started": "The menu begins at {node}.",
    "say": "Menu {node}: says its text.",
    "ask": "Menu {node}: asks.",
    "menu choice": "Menu {node}: the caller chose {choice}.",
    "entered": "Menu {node}: the caller entered {entered}.",
    "no input": "Menu {node}: no answer, time {time}.",
    "no match": "Menu {node}: an answer it does not know, time {time}.",
    "asked too often": "Menu {node}: asked too often, it goes on without an answer.",
    "branch": "Menu {node}: by {on}, it is {case}.",
    "language": "Menu {node}: the language is now {language}.",
    "enqueue": "Menu {node}: gives the call to the queue for {topic}.",
    "queue refused": "Menu {node}: the queue refused, {why}.",
    "talk ended": "Menu {node}: has the caller back after the talk.",
    "caller hung up": "Menu {node}: the caller hung up.",
    "resumed": "Menu {node}: goes on after the controller was away.",
    "hung up": "Menu {node}: the hotline hangs up.",
}


def sentence(step: str, node: str, detail: Mapping[str, str]) -> str:
    values = dict(detail) | {"node": f'"{node}"' if node else "the menu"}
    if step == "entered":  # its one field is named by the flow's author
        values["entered"] = ", ".join(f"{name} {value}" for name, value in detail.items())
    known = _SENTENCES.get(step)
    if known is not None:
        try:
            return known.format_map(values)
        except KeyError:
            pass
    said = ", ".join(f"{name} {value}" for name, value in detail.items())
    return f"Menu {values['node']}: {step}{' (' + said + ')' if said else ''}."
