"""The process that hears callers: its parts list, and the only wiring of it.

python -m ivr.speech_worker FOLDER: a hotline's folder; or --listen HOST:PORT on a machine of its own.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import sys
import time

import structlog

from ivr.hearing.admission import UNLIMITED, Admission
from ivr.hearing.model_loading import NoModel, load_recognizers
from ivr.hearing.worker import Worker, WorkerLimits
from ivr.hearing.worker_server import WorkerServer
from ivr.hearing.worker_settings import SettingsWrong, WorkerSettings, read_settings
from ivr.logs import configure_logs
from speech.listening.listener import Listener
from speech.meaning.lemmas import warm
from speech.meaning.question_grammar import grammar_of
from speech.meaning.understanding import understand
from speech.recognition.model_proof import prove
from speech.recognition.models import PROOFS, find_model
from speech.recognition.vosk_recognizer import VoskRecognizer
from speech.recognizer import Recognizer

log = structlog.get_logger()

PR_SET_PDEATHSIG = 1  # of Linux's prctl


async def run(settings: WorkerSettings) -> None:
    """Hear until told to stop. Raises NoModel, OSError."""

    def load(name: str, language: str) -> Recognizer:
        model = find_model(name, settings.installed)
        prove(model.path, PROOFS)
        return VoskRecognizer(model.path, language)

    recognizers = load_recognizers(settings.models, load)
    for language in recognizers:
        warm(language)
    worker = Worker(
        WorkerLimits(settings.threads, settings.batch),
        {language: one.model for language, one in recognizers.items()},
        lambda: Listener(recognizers, understand, grammar_of),
        clock=time.monotonic,
        admission=Admission(settings.threads, UNLIMITED) if settings.take_all else None,
    )
    server = WorkerServer(worker, settings.listen, settings.token)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await worker.start(*settings.audio, settings.public)
    address = await server.start()
    log.info("the speech worker is ready", address=address, threads=settings.threads)
    await stop.wait()
    await worker.close()
    await server.close()


def main() -> int:
    """Returns EX_CONFIG when starting it again would not help."""
    try:
        settings = read_settings(sys.argv[1:], os.environ)
    except SettingsWrong as fault:
        print(f"hotline: {fault}", file=sys.stderr)
        return os.EX_CONFIG
    if settings.with_parent:
        # At once, as by kill -9: nobody would watch us, and the next keeper's worker needs the socket.
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    configure_logs(settings.log)
    try:
        asyncio.run(run(settings))
    except NoModel as fault:
        print(f"hotline: callers are not listened to: {fault}", file=sys.stderr)
        return os.EX_CONFIG
    except OSError as fault:
        print(f"hotline: the speech worker cannot listen: {fault}", file=sys.stderr)
        return os.EX_UNAVAILABLE
    return 0


if __name__ == "__main__":
    sys.exit(main())
