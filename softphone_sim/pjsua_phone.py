"""Softphones on pjsua2. The only file that knows it.

What holds: no pjsip threads (threadCnt=0, mainThreadOnly); whatever changes a call happens between two polls and
never inside a callback, where an exception would end the process; every Call is dropped before libDestroy, which
aborts otherwise; eight accounts and four calls are all that the wheel is built for.
"""

from __future__ import annotations

import gc
import re
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from pjsua2 import pjsua2 as pj

from softphone_sim.line_sound import LineSound
from softphone_sim.person import PhoneEvent
from softphone_sim.phone import (
    AddLine,
    Answer,
    BeginTone,
    Command,
    Dial,
    HangUp,
    OnCall,
    PressKeys,
    Speak,
    Start,
    Stop,
    Transfer,
)
from softphone_sim.utterance import seconds_of

ACCOUNTS = 8
"""The ninth aborts the process."""

CALLS = 4

RETIRED_FOR = 1.0
"""Seconds a player is kept after its use; its news of the end of the file takes milliseconds."""

LOUD = 8
"""Level from which the line is more than noise, on pjsua's scale: a mean amplitude of 220 of 32768 (-43 dBFS) in
the last 20 ms shows as 8, a voice at -20 dBFS as 20 to 36. "Tx" is what a medium gives to others: what we hear."""

_UNSAFE_IN_FILE_NAMES = re.compile(r"[^\w.-]")
_SECOND_CALL = "486 Busy Here, a second call"


class _Line(pj.Account):
    """One account at the registrar."""

    def __init__(self, phones: PjsuaPhones, line: AddLine) -> None:
        super().__init__()
        self.phones = phones
        self.name = line.line
        self.tone_file = line.tone_file

    def onRegState(self, prm: pj.OnRegStateParam) -> None:
        if prm.code == 200 and prm.expiration > 0:
            self.phones.saw(self.name, "registered")
        elif prm.code != 200:
            self.phones.saw(self.name, "registration_failed", detail=f"{prm.code} {prm.reason}".strip())

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        call = _Call(self, self.name, self.tone_file, self.phones.next_number(self.name), prm.callId)
        self.phones.later(call, call.ring)


class _Call(pj.Call):
    """One call of one person, ringing in or dialled."""

    def __init__(
        self,
        line: _Line,
        phone: str,
        tone_file: str,
        number: int,
        call_id: int = pj.PJSUA_INVALID_ID,
        listens: bool = False,
    ) -> None:
        super().__init__(line, call_id)
        self.phones = line.phones
        self.phone, self.number = phone, number
        self.tone_file = tone_file
        self.line_sound = LineSound() if listens else None
        self.line: pj.AudioMedia | None = None
        self.utterance: _Utterance | None = None
        self.incoming = call_id != pj.PJSUA_INVALID_ID
        self.answered = self.over = False
        self.left: tuple[str, str] | None = None  # the event, if the call ends by our doing
        self.player: pj.AudioMediaPlayer | None = None
        self.recorder: pj.AudioMediaRecorder | None = None
        self.phones.calls[phone, number] = self

    def saw(self, kind: str, detail: str = "") -> None:
        self.phones.saw(self.phone, kind, self.number, detail)

    def ring(self) -> None:
        if self.over:
            return
        if sum(call.phone == self.phone for call in self.phones.calls.values()) > 1:
            self.reject(486, _SECOND_CALL)
            return
        self.reply(180)
        self.saw("ringing", self.getInfo().remoteUri)

    def reply(self, code: int) -> None:
        parameters = pj.CallOpParam(True)
        parameters.statusCode = code
        self.answer(parameters)

    def reject(self, code: int, detail: str = "") -> None:
        self.left = self.left or ("rejected", detail)
        self.reply(code)

    def leave(self, kind: str = "hung_up", detail: str = "") -> None:
        if not self.over:
            self.left = self.left or (kind, detail)
            self.hangup(pj.CallOpParam(True))

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and not self.incoming:
            self.saw("ringing", str(info.lastStatusCode))
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.answered = True
            self.saw("answered")
            self.phones.later(self, self.connect)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.over = True
            status = f"{info.lastStatusCode} {info.lastReason}".strip()
            kind, detail = self.left or ("ended" if self.answered or self.incoming else "failed", status)
            self.saw(kind, detail or status)
            self.phones.later(self, self.forget)

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        self.phones.later(self, self.connect)

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:
        prm.cont = prm.statusCode < 200
        if 200 <= prm.statusCode < 300:
            self.saw("transferred", str(prm.statusCode))
            self.phones.later(self, self.leave)
        elif prm.statusCode >= 300:
            self.saw("transfer_failed", f"{prm.statusCode} {prm.reason}".strip())

    def connect(self) -> None:
        """Tone to the line, line to the recording; again after every re-INVITE, which makes a new stream."""
        if self.over or not self.answered:
            return
        info = self.getInfo()  # held: its media list dies with it, and then holds garbage
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                sound = self.line = self.getAudioMedia(index)
                self._send_to(sound)
                sound.startTransmit(self._recording())

    def _send_to(self, sound: pj.AudioMedia) -> None:
        if self.tone_file:
            self._tone().startTransmit(sound)
        else:  # without a source pjsua sends no packet at all; a telephone sends its silence
            self.phones.silence().startTransmit(sound)
        if self.utterance is not None:
            self.utterance.player.startTransmit(sound)

    def _tone(self) -> pj.AudioMediaPlayer:
        if self.player is None:
            self.player = pj.AudioMediaPlayer()
            self.player.createPlayer(self.tone_file, 0)
        return self.player

    def begin_tone(self, tone_file: str) -> None:
        if not self.tone_file:
            self.tone_file = tone_file
            if self.line is not None:
                self._tone().startTransmit(self.line)
            self.saw("tone")

    def speak(self, wav: str) -> None:
        self.fall_silent()
        utterance = _Utterance(wav)
        if self.line is not None:
            utterance.player.startTransmit(self.line)
        self.utterance = utterance
        self.saw("says", wav)

    def fall_silent(self) -> None:
        if self.utterance is not None:
            utterance, self.utterance = self.utterance, None
            self.phones.retire(utterance.player)
            self.saw("said", utterance.wav)

    def look(self, now: float) -> None:
        """Notice the end of an utterance, and whether something is heard."""
        if self.over:
            return
        if self.utterance is not None and now >= self.utterance.until:
            self.fall_silent()
        if self.line_sound is None or self.line is None:
            return
        with suppress(pj.Error):  # the stream is being made anew
            news = self.line_sound.look(self.line.getTxLevel() >= LOUD, now)
            if news is not None:
                self.phones.saw(self.phone, news[0], self.number, at=news[1])

    def _recording(self) -> pj.AudioMediaRecorder:
        if self.recorder is None:
            path = self.phones.recording_path(self.phone, self.number)
            self.recorder = pj.AudioMediaRecorder()
            self.recorder.createRecorder(str(path))
            # Silence runs in all the time, or a stream that pauses would shorten the recording.
            self.phones.silence().startTransmit(self.recorder)
            self.saw("media", str(path))
        return self.recorder

    def forget(self) -> None:
        for player in (self.player, self.utterance and self.utterance.player):
            if player is not None:
                self.phones.retire(player)
        self.player = self.recorder = self.utterance = self.line = None
        self.phones.calls.pop((self.phone, self.number), None)


class _Utterance:
    """Sound that is being said once; over after its length, because the player tells it on another thread."""

    def __init__(self, wav: str) -> None:
        self.wav = wav
        self.player = pj.AudioMediaPlayer()
        self.player.createPlayer(wav, pj.PJMEDIA_FILE_NO_LOOP)
        self.until = time.monotonic() + seconds_of(Path(wav))


class PjsuaPhones:
    """Softphones of this process; see phone.Softphones."""

    def __init__(self, start: Start) -> None:
        self.calls: dict[tuple[str, int], _Call] = {}
        self._start = start
        self._lines: dict[str, _Line] = {}
        self._later: list[tuple[_Call, Callable[[], None]]] = []
        self._events: list[PhoneEvent] = []
        self._numbers: dict[str, int] = {}
        self._retired: deque[tuple[float, pj.AudioMediaPlayer]] = deque()
        self._endpoint = pj.Endpoint()
        self._endpoint.libCreate()
        self._endpoint.libInit(_endpoint_config())
        transport = pj.TransportConfig()
        transport.port = 0
        transport.boundAddress = transport.publicAddress = start.bind
        self._transport = self._endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNullDev()
        for codec in self._endpoint.codecEnum2():
            self._endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMU") else 0)

    def do(self, command: Command) -> None:
        match command:
            case AddLine():
                self._add(command)
            case Dial():
                self._dial(command)
            case Answer() | HangUp() | PressKeys() | Speak() | BeginTone() | Transfer():
                call = self.calls.get((command.phone, command.call))
                if call is not None and not call.over:
                    self._step(call, lambda: self._act(call, command))
            case Start() | Stop():
                raise ValueError(f"{type(command).__name__} is for the process, not for its phones")

    def poll(self, seconds: float) -> list[PhoneEvent]:
        self._endpoint.libHandleEvents(round(seconds * 1000))
        steps, self._later = self._later, []
        for call, step in steps:
            self._step(call, step)
        for call in self.calls.values():
            call.look(time.monotonic())
        while self._retired and self._retired[0][0] <= time.monotonic():
            self._retired.popleft()
        events, self._events = self._events, []
        return events

    def close(self) -> list[PhoneEvent]:
        self._leave_all()
        events = self._live(1.0, lambda: not self.calls)
        self.calls.clear()
        self._later.clear()
        self._unregister_all()
        events += self._live(0.2, lambda: False)
        self._lines.clear()
        self._retired.clear()
        gc.collect()
        self._endpoint.libDestroy(pj.PJSUA_DESTROY_NO_RX_MSG)  # without waiting another second for answers
        return events

    # What lines and calls use.

    def saw(self, phone: str, kind: str, call: int = 0, detail: str = "", at: float | None = None) -> None:
        self._events.append(PhoneEvent(phone, kind, time.monotonic() if at is None else at, call, detail))

    def later(self, call: _Call, step: Callable[[], None]) -> None:
        self._later.append((call, step))

    def retire(self, player: pj.AudioMediaPlayer) -> None:
        """Keep a player until what it told at the end of its file was listened to, or that reads freed memory."""
        self._retired.append((time.monotonic() + RETIRED_FOR, player))

    def next_number(self, phone: str) -> int:
        self._numbers[phone] = self._numbers.get(phone, 0) + 1
        return self._numbers[phone]

    def recording_path(self, phone: str, number: int) -> Path:
        """A new file: names that look alike, earlier runs and plugging in again must not overwrite recordings."""
        name = f"{_UNSAFE_IN_FILE_NAMES.sub('_', phone)}-{number}"
        path = Path(self._start.folder) / f"{name}.wav"
        again = (path.with_name(f"{name}-{time}.wav") for time in count(2))
        while path.exists():
            path = next(again)
        return path

    def silence(self) -> pj.AudioMedia:
        return self._endpoint.audDevManager().getCaptureDevMedia()

    # Steps between polls.

    def _add(self, line: AddLine) -> None:
        if len(self._lines) == ACCOUNTS:
            raise ValueError(f"a process holds {ACCOUNTS} accounts, there is no room for {line.line}")
        config = pj.AccountConfig()
        config.idUri = f"sip:{line.user}@{self._start.registrar.rpartition(':')[0]}"
        if line.register:
            config.regConfig.registrarUri = f"sip:{self._start.registrar}"
            config.regConfig.timeoutSec = 300
            config.regConfig.retryIntervalSec = config.regConfig.firstRetryIntervalSec = 2
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", line.user, 0, line.secret))
        config.sipConfig.transportId = self._transport
        rtp, share = config.mediaConfig.transportConfig, self._start.rtp_ports // ACCOUNTS
        rtp.port, rtp.portRange = self._start.rtp_from + share * len(self._lines), share
        rtp.boundAddress = self._start.bind
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
        account = _Line(self, line)
        account.create(config)
        self._lines[line.line] = account

    def _dial(self, dial: Dial) -> None:
        call = _Call(
            self._lines[dial.line],
            dial.phone,
            dial.tone_file,
            dial.call or self.next_number(dial.phone),
            listens=dial.listens,
        )
        call.saw("dialled", dial.number)
        self._step(call, lambda: call.makeCall(self._uri(dial.number), pj.CallOpParam(True)))

    def _act(self, call: _Call, command: OnCall) -> None:
        match command:
            case Answer(code=200):
                call.reply(200)
            case Answer(code=code):
                call.reject(code)
            case HangUp():
                call.leave()
            case PressKeys(keys=keys):
                call.dialDtmf(keys)
                call.saw("keys", keys)
            case Speak(wav=wav):
                call.speak(wav)
            case BeginTone(tone_file=tone_file):
                call.begin_tone(tone_file)
            case Transfer(number=number):
                call.xfer(self._uri(number), pj.CallOpParam(True))

    def _uri(self, number: str) -> str:
        return f"sip:{number.replace('#', '%23')}@{self._start.registrar}"

    def _step(self, call: _Call, step: Callable[[], None]) -> None:
        """What pjsua refuses ends this call and no other."""
        try:
            step()
        except pj.Error as error:
            print(f"call {call.number} of {call.phone}: {error.info()}", file=sys.stderr)
            with suppress(pj.Error):
                call.leave("failed", error.reason)
            if not call.over and not call.isActive():
                call.over = True
                call.saw("failed", error.reason)
                call.forget()

    def _leave_all(self) -> None:  # a function of its own: a loop variable would keep a call past libDestroy
        for call in list(self.calls.values()):
            with suppress(pj.Error):
                call.leave()

    def _unregister_all(self) -> None:
        for line in self._lines.values():
            line.shutdown()

    def _live(self, seconds: float, done: Callable[[], bool]) -> list[PhoneEvent]:
        events: list[PhoneEvent] = []
        until = time.monotonic() + seconds
        while not done() and time.monotonic() < until:
            events += self.poll(0.01)
        return events


def _endpoint_config() -> pj.EpConfig:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = True
    config.uaConfig.maxCalls = CALLS
    config.uaConfig.userAgent = "softphone_sim"
    config.logConfig.level = config.logConfig.consoleLevel = 0
    media = config.medConfig
    media.clockRate = media.sndClockRate = 8000
    media.channelCount = 1
    media.quality = 1
    media.noVad = True
    media.ecTailLen = 0
    return config
