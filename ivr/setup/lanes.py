"""Several pieces of the set-up at once: the first that fails, or Ctrl-C, ends the others."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from types import FrameType

from ivr.setup.run import Programs, Stopped

Piece = Callable[[], None]


def together(pieces: Sequence[Piece], programs: Programs) -> None:
    """Runs every piece in a thread of its own; returns when all are done.

    Raises what the first unlucky piece raised, or KeyboardInterrupt, when the programs of all others have ended.
    A second Ctrl-C does not wait for those that may not be cut off (dpkg): they end by themselves.
    """
    if not pieces:
        return
    pool = ThreadPoolExecutor(len(pieces))
    futures = [pool.submit(piece) for piece in pieces]
    try:
        wait(futures, return_when=FIRST_EXCEPTION)
        if any(future.done() and future.exception() for future in futures):
            programs.stop()
        wait(futures)
    except KeyboardInterrupt:
        programs.stop()
        wait(futures)
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    _raise_first(futures)


def _raise_first(futures: Sequence[Future[None]]) -> None:
    errors = [error for future in futures if (error := future.exception()) is not None]
    causes = [error for error in errors if not isinstance(error, Stopped)]
    if errors:
        raise (causes or errors)[0]


def end_like_ctrl_c() -> None:
    """`kill` and a closed terminal end the set-up as orderly as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup's wish is respected
            signal.signal(number, interrupt)
