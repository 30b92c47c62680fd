"""One run of a speech engine's command: the text goes in on stdin, a WAV comes out on stdout."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from speech.pcm import Samples
from speech.saying.synthesizer import SynthesisFailed
from speech.wav import SoundUnreadable, parse_wav


def run_engine(engine: str, command: Sequence[str], text: str, seconds: float) -> tuple[int, Samples]:
    """Rate and samples of what the command says of `text`, which must hold something to say.

    The text is never an argument: a caller's or an author's words reach no command line.
    seconds: after that the engine is killed. Raises SynthesisFailed.
    """
    if not any(c.isalnum() for c in text):
        raise SynthesisFailed(f"{engine}: nothing to say; give the prompt some words")
    try:
        done = subprocess.run(
            command,
            input=text.encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            env=_environment(),
        )
    except OSError as fault:
        raise SynthesisFailed(
            f"{engine} could not be started ({fault.strerror}); is it installed?"
        ) from fault
    except subprocess.TimeoutExpired as fault:
        raise SynthesisFailed(
            f"{engine} was not done after {seconds:.0f} s; the machine is overloaded or the text too long"
        ) from fault
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().splitlines()
        raise SynthesisFailed(
            f"{engine} failed with exit code {done.returncode}: {' '.join(words[-2:]) or '-'}"
        )
    try:
        rate, samples = parse_wav(done.stdout)
    except SoundUnreadable as fault:
        raise SynthesisFailed(f"{engine} gave no sound: {fault}") from fault
    if not samples.any():
        raise SynthesisFailed(f"{engine} gave silence; write the text in the prompt's language")
    return rate, samples


def ask_version(engine: str, command: Sequence[str]) -> str:
    """What a command prints. An answer that is late must not count as another version: all would be made anew.

    Raises SynthesisFailed.
    """
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False, env=_environment())
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise SynthesisFailed(f"{engine} does not tell its version ({fault}); is it installed?") from fault
    return done.stdout.decode(errors="replace").strip()


def _environment() -> dict[str, str]:
    """Both engines read stdin in the locale's encoding; C.UTF-8 is in every glibc."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": os.environ.get("HOME", "/"),
    }
