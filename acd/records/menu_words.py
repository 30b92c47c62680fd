"""The menu's notes (ivr.core's `Note`) as sentences. A note that is not known is told as it stands."""

from __future__ import annotations

from collections.abc import Mapping

_SENTENCES = {
    "started": "The menu begins at {node}.",
    "say": "Menu {node}: says its text.",
    "ask": "Menu {node}: asks.",
    "asked back": "Menu {node}: not sure of what was said ({confidence}), it asks back: {meant}?",
    "confirmed": "Menu {node}: the caller confirmed {meant} ({answer}).",
    "denied": "Menu {node}: misheard, the caller did not mean {meant} ({answer}).",
    "person asked": "Menu {node}: the caller asked for a person.",
    "repeat asked": "Menu {node}: the caller asked to hear it again.",
    "back asked": "Menu {node}: the caller asked to go back.",
    "barge-in": "Menu {node}: the caller speaks, the prompt stops.",
    "false start": "Menu {node}: it was no speech, it asks again.",
    "hearing lost": "Menu {node}: the caller can no longer be understood by voice, it goes on by keys.",
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

_BY_SPEECH = {
    "menu choice": "Menu {node}: the caller said {choice} (heard: {phrase}, confidence {confidence}).",
    "entered": "Menu {node}: the caller said {entered} (confidence {confidence}).",
    "no match": "Menu {node}: the caller was not understood, time {time}.",
}
_DENIED = {"no match": "Menu {node}: asks again, time {time}."}
_BY = {"speech": _BY_SPEECH, "denied": _DENIED}
_OF_SPEECH = ("by", "confidence", "phrase", "answer")


def sentence(step: str, node: str, detail: Mapping[str, str]) -> str:
    values = dict(detail) | {"node": f'"{node}"' if node else "the menu"}
    # The field that holds a value is named by the flow's author.
    values["entered"] = ", ".join(f"{key} {one}" for key, one in detail.items() if key not in _OF_SPEECH)
    values["meant"] = detail.get("choice") or detail.get("command") or values["entered"]
    known = _BY.get(detail.get("by", ""), {}).get(step) or _SENTENCES.get(step)
    if known is not None:
        try:
            return known.format_map(values)
        except KeyError:
            pass
    said = ", ".join(f"{name} {value}" for name, value in detail.items())
    return f"Menu {values['node']}: {step}{' (' + said + ')' if said else ''}."
