"""What callers will hear: every prompt there, whole, and readable by whoever plays it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.doctor.finding import Finding, Trouble, well

AREA = "Prompts"
SHOWN = 3

NOBODY_SPEAKS = Trouble(
    "prompts-no-voice", AREA, "voices", "error",
    "{why}",
    "apt-get install espeak-ng, or record the prompts",
    "A prompt without a recording and without a voice cannot be made.",
)  # fmt: skip
ROBOTIC = Trouble(
    "voice-robotic", AREA, "voices", "warning",
    "{language} is spoken by espeak-ng, which is clear but robotic",
    "install RHVoice (docs/decisions/prompts-engines.md), or record the prompts",
    "Callers understand it, and find it cold.",
)  # fmt: skip
OTHER_VOICE = Trouble(
    "voice-other", AREA, "voices", "warning",
    "{remark}",
    "install that voice or read its licence, or name another one in the site file: prompts.voices",
    "The site asked for a voice that it does not get, or one that is not free for every use.",
)  # fmt: skip
MISSING = Trouble(
    "prompts-missing", AREA, "sounds", "error",
    "{count} of {total} prompts have no sound: {names}",
    "./hotline down --name {name}; ./hotline up {site} --name {name} makes them",
    "A caller hears nothing there, and his menu begins again.",
)  # fmt: skip
TO_BE_MADE = Trouble(
    "prompts-to-be-made", AREA, "sounds", "warning",
    "{count} of {total} prompts have no sound yet",
    "./hotline up {site} --name {name} makes them before it takes calls",
    "The first start takes some seconds longer.",
)  # fmt: skip
UNSOUND = Trouble(
    "prompts-broken", AREA, "sounds", "error",
    "{prompt}",
    "as it says; then ./hotline down --name {name}; ./hotline up {site} --name {name}",
    "A recording that cannot be used, or a sound that is cut off or silent.",
)  # fmt: skip
UNREADABLE = Trouble(
    "prompts-unreadable", AREA, "sounds", "error",
    "user '{user}', whom Asterisk runs as, cannot read {count} of {total} sounds, the first {path}",
    "chmod a+r on them and chmod a+x on the folders above, or remove {folder}: it is made again at the next start",
    "Asterisk plays the files itself.",
)  # fmt: skip
UNWRITABLE = Trouble(
    "prompts-unwritable", AREA, "sounds", "error",
    "no sound can be kept in {folder}",
    "chown -R {user} {folder}",
    "Sentences with numbers and times are made while callers wait.",
)  # fmt: skip
UNUSED = Trouble(
    "recording-unused", AREA, "recordings", "warning",
    "{remark}",
    "give the file the name of a prompt (docs/site-file.md), or remove it",
    "Somebody recorded it, and nobody hears it.",
)  # fmt: skip
TROUBLES = (UNUSED, NOBODY_SPEAKS, ROBOTIC, OTHER_VOICE, MISSING, TO_BE_MADE, UNSOUND, UNREADABLE, UNWRITABLE)


@dataclass(frozen=True)
class Voice:
    """Who speaks a language. remark: why it is not the voice that was asked for. why: nobody speaks it."""

    language: str
    engine: str = ""
    voice: str = ""
    remark: str = ""
    why: str = ""


@dataclass(frozen=True)
class PromptFacts:
    """total: prompts of the site. missing: those without a sound, by name. broken: sentences about others.

    unused: remarks on recordings that replace nothing. unreadable: files that `plays`, the user Asterisk
    runs as, cannot read. writes: the user whose controller makes sentences, writable: he can keep them.
    """

    name: str
    site: str
    folder: str
    running: bool
    total: int
    voices: tuple[Voice, ...] = ()
    recorded: int = 0
    missing: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()
    plays: str = ""
    writes: str = ""
    writable: bool = True


def judge(seen: PromptFacts) -> Iterator[Finding]:
    for voice in seen.voices:
        yield from _voice(voice)
    yield from _sounds(seen)
    if seen.unreadable:
        first, count = seen.unreadable[0], len(seen.unreadable)
        yield UNREADABLE(user=seen.plays, count=count, total=seen.total, path=first, folder=seen.folder)
    for remark in seen.unused:
        yield UNUSED(remark=remark)
    if not seen.writable:
        yield UNWRITABLE(folder=seen.folder, user=seen.writes)


def _voice(voice: Voice) -> Iterator[Finding]:
    if voice.why:
        yield NOBODY_SPEAKS(why=voice.why)
        return
    if voice.remark:
        yield OTHER_VOICE(remark=f"{voice.language}: {voice.remark}")
    if voice.engine == "espeak-ng":
        yield ROBOTIC(language=voice.language)
    elif not voice.remark:
        yield well(AREA, "voices", f"{voice.language}: {voice.engine}'s {voice.voice}")


def _sounds(seen: PromptFacts) -> Iterator[Finding]:
    for prompt in seen.broken[:SHOWN]:
        yield UNSOUND(prompt=prompt, name=seen.name, site=seen.site)
    if seen.missing and seen.running:
        more = " …" if len(seen.missing) > SHOWN else ""
        names = ", ".join(seen.missing[:SHOWN]) + more
        yield MISSING(count=len(seen.missing), total=seen.total, names=names, name=seen.name, site=seen.site)
    elif seen.missing:
        yield TO_BE_MADE(count=len(seen.missing), total=seen.total, name=seen.name, site=seen.site)
    elif not seen.broken and not seen.unreadable:
        recorded = f", {seen.recorded} of them recorded" if seen.recorded else ""
        yield well(
            AREA, "sounds", f"{seen.total} of {seen.total} prompts are there and can be heard{recorded}"
        )
