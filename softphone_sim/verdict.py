"""Did the two who were connected hear each other, and nobody else?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from softphone_sim.person import Recording
from softphone_sim.spectrum import HOP, WINDOW, look_times, presence, read_samples
from softphone_sim.tone import RATE, partials

MARGIN = 0.5
"""Seconds at both ends of a talk that are not judged: connecting, moving the sound off the switch, last packets."""

STRANGER = 3
"""Looks (0.1 s each) that must contain a third person's tone before he counts as heard."""


@dataclass(frozen=True)
class Talk:
    """Who was connected with whom, as the hotline tells it. started, ended: monotonic seconds.

    caller_from: when the caller's tone began, if later than the talk; the operator can hear it from then on.
    """

    caller: str
    operator: str
    started: float
    ended: float
    caller_from: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """What the recordings say about a talk.

    caller_heard: share of the talk (0..1) in which the caller's recording contains the operator's tone, None if
    it cannot be told; operator_heard: the reverse. strangers: others who were heard on either side.
    judged: False for a talk too short to be judged, which is then ok. why: one sentence when it is not ok.
    """

    talk: Talk
    ok: bool
    judged: bool = True
    caller_heard: float | None = None
    operator_heard: float | None = None
    strangers: tuple[str, ...] = ()
    why: str = ""


def check_audio(
    talks: Sequence[Talk], recordings: Sequence[Recording], tones: Mapping[str, float], share: float = 0.8
) -> list[Verdict]:
    """A verdict for each talk: each side hears the other for at least this share of it.

    tones: of everybody. Raises KeyError for somebody without a tone, OSError for a recording that is gone.
    """
    return [_check(talk, recordings, tones, share) for talk in talks]


def _check(talk: Talk, recordings: Sequence[Recording], tones: Mapping[str, float], share: float) -> Verdict:
    if talk.ended - max(talk.started, talk.caller_from) < 2 * MARGIN + WINDOW / RATE + HOP / RATE:
        return Verdict(talk, ok=True, judged=False, why="too short to be judged")
    shares: list[float] = []
    strangers: set[str] = set()
    sides = ((talk.caller, talk.operator, talk.started), (talk.operator, talk.caller, talk.caller_from))
    for listener, speaker, begins in sides:
        recording = _recording_of(listener, talk, recordings)
        if recording is None:
            return Verdict(talk, ok=False, why=f"there is no recording of {listener}")
        begun = max(talk.started, begins) + MARGIN
        heard = shares_heard(recording, tones, begun, talk.ended - MARGIN)
        shares.append(heard[speaker])
        voices = {partials(tones[listener]), partials(tones[speaker])}
        strangers |= {name for name, part in heard.items() if part and partials(tones[name]) not in voices}
    return _verdict(talk, shares[0], shares[1], tuple(sorted(strangers)), share)


def _verdict(
    talk: Talk, caller_heard: float, operator_heard: float, strangers: tuple[str, ...], share: float
) -> Verdict:
    faults: list[str] = []
    if caller_heard < share:
        faults.append(f"{talk.caller} heard {talk.operator} only {caller_heard:.0%} of the talk")
    if operator_heard < share:
        faults.append(f"{talk.operator} heard {talk.caller} only {operator_heard:.0%} of the talk")
    if strangers:
        faults.append(f"also heard: {', '.join(strangers)}")
    why = "; ".join(faults)
    return Verdict(talk, not faults, True, caller_heard, operator_heard, strangers, why)


def shares_heard(
    recording: Recording, tones: Mapping[str, float], start: float, end: float
) -> dict[str, float]:
    """For each name, in which share (0..1) of the time from start to end its tone is heard.

    Time that the recording does not cover counts as silence. Fewer than STRANGER looks count as none.
    """
    there = presence(read_samples(recording.path), list(tones.values()))
    moments = look_times(len(there), recording.answered)
    half = WINDOW / RATE / 2
    inside = there[(moments - half >= start) & (moments + half <= end)]
    wanted = max(1, int((end - start - 2 * half) * RATE / HOP))
    counts = inside.sum(axis=0)
    return {
        name: min(1.0, int(count) / wanted) if count >= STRANGER else 0.0
        for name, count in zip(tones, counts, strict=True)
    }


def _recording_of(phone: str, talk: Talk, recordings: Sequence[Recording]) -> Recording | None:
    """This phone's recording that covers most of the talk."""

    def covered(recording: Recording) -> float:
        return min(recording.ended, talk.ended) - max(recording.answered, talk.started)

    own = [recording for recording in recordings if recording.phone == phone and covered(recording) > 0]
    return max(own, key=covered, default=None)
