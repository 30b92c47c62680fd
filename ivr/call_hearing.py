"""One call's ear over the time of the call: opened in the menu, closed when the call leaves it."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from ivr.asterisk.ami_client import ActionRefused, AmiError
from ivr.asterisk.call_control import CallControl
from ivr.background import Background
from ivr.core.commands import Expect
from ivr.hearing.ear import Ear, EarGone, News
from ivr.hearing.pool import WorkerPool
from speech.expectation import Expectation

log = structlog.get_logger()

REFUSALS = ("full", "draining")
MOST_EARS = 5  # for one visit to the menu: a spy that dies again and again is not worth a sixth


class CallHearing:
    """What stands between a call's session and the worker that listens to its caller.

    pool: None when the site listens to nobody. put: news for the session; those of an ear that was given up
    meanwhile do not come any more. by_key_only: told once for a call, if he is not listened to although somebody
    should: why ("full", "away"), and in which language.
    """

    def __init__(
        self,
        call: str,
        control: CallControl,
        pool: WorkerPool | None,
        put: Callable[[News], None],
        by_key_only: Callable[[str, str], None],
    ) -> None:
        self._call, self._control, self._pool, self._put = call, control, pool, put
        self._by_key_only = by_key_only
        self._ear: Ear | None = None
        self._question: Expectation | None = None
        self._tried: set[str] = set()
        self._opened = 0
        self._counted = False
        self._background = Background()

    @property
    def languages(self) -> tuple[str, ...]:
        """In which what he says is understood now; none when he is not listened to."""
        return tuple(sorted(self._ear.languages)) if self._ear and self._ear.alive else ()

    @property
    def ear(self) -> str | None:
        return self._ear.id if self._ear else None

    def begin(self, language: str) -> None:
        """The call came into the menu."""
        self._opened = 0
        self._tried.clear()
        self.follow(language, playing=False)

    def follow(self, language: str, *, playing: bool) -> None:
        """See to it that he is heard in this language, if any worker can: a new ear when there is none."""
        if self._pool is None or language in self.languages:
            return
        if self._opened < MOST_EARS and self._pool.hears(language):
            self._open(self._pool, language, playing)
        if language not in self.languages and not self._counted:
            self._counted = True
            why = self._pool.count_keys_only(language)
            log.info("a caller is served by keys only", call=self._call, language=language, why=why)
            self._by_key_only(why, language)

    def _open(self, pool: WorkerPool, language: str, playing: bool) -> None:
        ear = pool.open(self._call, language, self._put, avoid=self._tried)
        if ear is None:
            return
        self.close()
        self._opened += 1
        self._ear = ear
        ear.expect(self._question, playing=playing)
        self._background.run(self._send_sound(ear))

    async def _send_sound(self, ear: Ear) -> None:
        try:
            await self._control.listen_in(self._call, ear.audio, ear.id)
        except (AmiError, ValueError) as error:
            log.warning("the switch does not send a caller's voice", call=self._call, why=str(error))
            ear.gone("switch")

    def expect(self, question: Expect | None, *, playing: bool) -> None:
        """What may be said from now on."""
        self._question = None if question is None else _expectation(question)
        if self._ear:
            self._ear.expect(self._question, playing=playing)

    def playing(self, on: bool) -> None:
        if self._ear:
            self._ear.playing(on)

    def key(self) -> None:
        if self._ear:
            self._ear.key()

    def lost(self, news: EarGone) -> bool:
        """Take note that an ear is gone. False: it was an earlier one."""
        if self._ear is None or self._ear.id != news.ear:
            return False
        log.warning("a caller is no longer heard", call=self._call, worker=self._ear.worker, why=news.why)
        if news.why in REFUSALS:
            self._tried.add(self._ear.worker)
        self._end_sound(self._ear)
        self._ear = None
        return True

    def is_present(self, ear: str) -> bool:
        return self._ear is not None and self._ear.id == ear

    def close(self) -> None:
        """He is not listened to any more: neither the worker nor the switch has anything of his voice."""
        ear, self._ear = self._ear, None
        if ear:
            ear.close()
            self._end_sound(ear)

    def _end_sound(self, ear: Ear) -> None:
        self._background.run(self._stop_sound(ear))

    async def _stop_sound(self, ear: Ear) -> None:
        try:
            await self._control.stop_listening(ear.audio, ear.id)
        except ActionRefused:
            pass  # the worker's end of it was faster
        except (AmiError, ValueError) as error:
            log.info("the switch did not do it", call=self._call, what="stop listening", why=str(error))


def _expectation(question: Expect) -> Expectation:
    return Expectation(
        kind=question.kind,
        language=question.language,
        phrases=question.phrases,
        commands=question.commands,
        digits=question.digits,
        today=question.today,
    )
