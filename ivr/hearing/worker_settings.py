"""What a speech worker is started with: a hotline's folder on its own machine, or options on another one."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ivr.hearing.address import BadAddress, split
from ivr.hearing.worker import BATCH
from ivr.instance import Instance
from speech.recognition.models import INSTALLED, models_in_use

SECRET = "speech_worker"  # noqa: S105 - its name among an instance's secrets
TOKEN = "HOTLINE_SPEECH_TOKEN"  # noqa: S105 - the variable's name
SHORTEST_TOKEN = 16


class SettingsWrong(Exception):
    """The worker cannot begin with these; the text says what to give it. Whose: the installer's."""


@dataclass(frozen=True)
class WorkerSettings:
    """listen: "host:port" or a socket's path, for controllers. audio: host and port for the switch; port 0
    is any. public: the host the switch is told, when it is not `audio`'s. models: language -> name or folder.
    installed: where models by name are looked for first. log: file, None for standard error.
    with_parent: end when the process that started us does. take_all: nobody is refused, to find the limit.
    batch: see WorkerLimits.
    """

    listen: str
    token: str = field(repr=False)
    audio: tuple[str, int] = ("127.0.0.1", 0)
    public: str = ""
    threads: int = 1
    models: Mapping[str, str] = field(default_factory=models_in_use)
    installed: Path = INSTALLED
    log: Path | None = None
    with_parent: bool = True
    take_all: bool = False
    batch: float = BATCH


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


def read_settings(arguments: Sequence[str], environment: Mapping[str, str]) -> WorkerSettings:
    """Of the command line. Raises SettingsWrong; ends the process for --help and for words it does not know."""
    given = _parser().parse_args(arguments)
    if (given.folder is None) == (given.listen is None):
        raise SettingsWrong("give a hotline's folder, or --listen HOST:PORT on another machine")
    try:
        return _of_folder(given) if given.folder else _of_options(given, environment)
    except BadAddress as fault:
        raise SettingsWrong(str(fault)) from None
    except OSError as fault:
        raise SettingsWrong(f"{fault.filename} cannot be read: {fault.strerror}") from None


def _of_folder(given: argparse.Namespace) -> WorkerSettings:
    instance = Instance(given.folder)
    kept = instance.read_settings().get("speech") or {}
    return WorkerSettings(
        listen=str(speech_socket(instance)),
        token=instance.secrets_for([SECRET])[SECRET],
        audio=split(kept.get("audio") or "127.0.0.1:0"),
        threads=given.threads or int(kept.get("threads") or 0) or cores(),
        models=_models(given.model) or models_in_use(kept.get("models"), given.installed),
        installed=given.installed,
        log=instance.logs / "speech.log",
    )


def _of_options(given: argparse.Namespace, environment: Mapping[str, str]) -> WorkerSettings:
    token = given.token_file.read_text().strip() if given.token_file else environment.get(TOKEN, "")
    if len(token) < SHORTEST_TOKEN:
        raise SettingsWrong(f"the secret is missing or short; give it in {TOKEN} or --token-file")
    return WorkerSettings(
        listen=given.listen,
        token=token,
        audio=split(given.audio),
        public=given.public,
        threads=given.threads or cores(),
        models=_models(given.model) or models_in_use(None, given.installed),
        installed=given.installed,
        with_parent=given.with_parent,
        take_all=given.take_all,
        batch=given.batch,
    )


def speech_socket(instance: Instance) -> Path:
    """Where a hotline's own worker listens for its controller."""
    return instance.home / "speech.sock"


def _models(given: Sequence[str] | None) -> dict[str, str]:
    models: dict[str, str] = {}
    for one in given or ():
        language, found, name = one.partition("=")
        if not (language and found and name):
            raise SettingsWrong(f"--model {one!r}: give it as LANGUAGE=NAME or LANGUAGE=FOLDER")
        models[language] = name
    return models


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("ivr.speech_worker", description=(__doc__ or "").strip())
    parser.add_argument("folder", type=Path, nargs="?", help="a hotline's folder")
    parser.add_argument("--listen", help="HOST:PORT or a socket's path, for controllers")
    parser.add_argument("--audio", default="127.0.0.1:0", help="HOST:PORT for the switch's AudioSocket")
    parser.add_argument(
        "--public", default="", help="the host the switch is told, if it is not that of --audio"
    )
    parser.add_argument("--token-file", type=Path, help=f"holds the secret; else it is in {TOKEN}")
    parser.add_argument("--threads", type=int, default=0, help="that hear; as many as cores if left out")
    parser.add_argument("--model", action="append", help="LANGUAGE=NAME or LANGUAGE=FOLDER; may be repeated")
    parser.add_argument("--installed", type=Path, default=INSTALLED, help="folder of models known by name")
    parser.add_argument("--with-parent", action="store_true", help="end when the starting process ends")
    parser.add_argument(
        "--batch", type=float, default=BATCH, help="seconds of sound worth waking a thread for"
    )
    parser.add_argument(
        "--take-all", action="store_true", help="refuse nobody: to measure where the limit is"
    )
    return parser
