"""What `./hotline listen` shows of each utterance on the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console


def show(found: dict[str, Any], console: Console) -> None:
    """found: as `ivr.listen_command` makes it."""
    for number, said in enumerate(found["utterances"], start=1):
        for line in _lines(number, said):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    if not found["utterances"]:
        console.print("no speech in it: nothing would happen until the silence is over", highlight=False)


def _lines(number: int, said: dict[str, Any]) -> list[str]:
    meaning, led = said["meaning"], said["leads_to"]
    wait = said["decided"] - said["ended"]
    lines = [
        f"utterance {number}, to {said['asked']}: speech from {said['began']:.2f} to {said['ended']:.2f} s, "
        f"decided {wait:.2f} s later{' on a whole phrase' if said['early'] else ''}"
    ]
    lines += [
        f"  {word['begin']:6.2f} {word['end']:6.2f}  {word['confidence']:.2f}  {word['text']}"
        for word in said["words"]
    ]
    name = f"{meaning['kind']} {meaning['name']}".strip()
    phrase = f" ({meaning['phrase']})" if meaning["phrase"] else ""
    lines.append(f"  {said['verdict']}: {name}{phrase}, {meaning['confidence']:.2f}")
    if meaning["alternatives"]:
        others = ", ".join(f"{other} {confidence:.2f}" for other, confidence in meaning["alternatives"])
        lines.append(f"  or else: {others}")
    lines += [f"  says {prompt}" for prompt in led["says"]]
    where = f"to the queue of {led['topic']}" if led["topic"] else f"to {led['node']}"
    lines.append("  the call ends" if led["ends"] else f"  the call goes {where}")
    return lines
