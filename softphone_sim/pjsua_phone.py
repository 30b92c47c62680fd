"""Softphones on pjsua2. The only file that knows it.

What held, learned the hard way: no pjsip threads (threadCnt=0, mainThreadOnly), everything that changes a call
happens between two polls and never inside a callback, every Call object is dropped before libDestroy (which aborts
otherwise), and the wheel's ninth account or fifth call is one too many.
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable
from pathlib import Path

import pjsua2 as pj

from softphone_sim.person import PhoneEvent
from softphone_sim.phone import AddLine, Answer, Command, Dial, HangUp, PressKeys, Start, Stop, Transfer

_UNSAFE = re.compile(r"[^\w.-]")


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
            self.phones.saw(self.name, "registration_failed", detail=f"{prm.code} {prm.reason}")

    def onIncomingCall(self, prm: pj.OnIncomingCallParam) -> None:
        call = _Call(self, self.name, self.tone_file, self.phones.next_call(self.name), prm.callId)
        self.phones.calls[call.key] = call
        self.phones.later.append(call.ring)


class _Call(pj.Call):
    """One call of one person, ringing in or dialled."""

    def __init__(
        self, line: _Line, phone: str, tone_file: str, number: int, call_id: int = pj.PJSUA_INVALID_ID
    ):
        super().__init__(line, call_id)
        self.phones = line.phones
        self.key = (phone, number)
        self.tone_file = tone_file
        self.incoming = call_id != pj.PJSUA_INVALID_ID
        self.confirmed = False
        self.over = False
        self.media = False
        self.left_by_us = ""
        self.player: pj.AudioMediaPlayer | None = None
        self.recorder: pj.AudioMediaRecorder | None = None

    def saw(self, kind: str, detail: str = "") -> None:
        self.phones.saw(self.key[0], kind, self.key[1], detail)

    def ring(self) -> None:
        others = [
            call for call in self.phones.calls.values() if call.key[0] == self.key[0] and call is not self
        ]
        if others:
            self.left_by_us = "rejected"
            self.reply(486)
            return
        self.reply(180)
        self.saw("ringing")

    def reply(self, code: int) -> None:
        parameters = pj.CallOpParam(True)
        parameters.statusCode = code
        self.answer(parameters)

    def leave(self, how: str = "hung_up") -> None:
        self.left_by_us = self.left_by_us or how
        self.hangup(pj.CallOpParam(True))

    def onCallState(self, prm: pj.OnCallStateParam) -> None:
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and not self.incoming:
            self.saw("ringing", str(info.lastStatusCode))
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.confirmed = True
            self.saw("answered")
            self.phones.later.append(self.connect)
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.over = True
            self.saw(*self.how_it_ended(info))
            self.phones.later.append(self.forget)

    def how_it_ended(self, info: pj.CallInfo) -> tuple[str, str]:
        detail = f"{info.lastStatusCode} {info.lastReason}".strip()
        if self.left_by_us:
            return self.left_by_us, detail
        if self.confirmed or self.incoming:
            return "ended", detail
        return "failed", detail

    def onCallMediaState(self, prm: pj.OnCallMediaStateParam) -> None:
        self.media = True
        self.phones.later.append(self.connect)

    def connect(self) -> None:
        """Tone to the line, line to the recording; again after every re-INVITE, which makes a new stream."""
        if self.over or not (self.confirmed and self.media):
            return
        info = self.getInfo()  # held: its media list dies with it, and then holds garbage
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                sound = self.getAudioMedia(index)
                self.speak().startTransmit(sound)
                sound.startTransmit(self.record())

    def speak(self) -> pj.AudioMediaPlayer:
        if self.player is None:
            self.player = pj.AudioMediaPlayer()
            self.player.createPlayer(self.tone_file, 0)
        return self.player

    def record(self) -> pj.AudioMediaRecorder:
        if self.recorder is None:
            path = self.phones.recording_path(*self.key)
            self.recorder = pj.AudioMediaRecorder()
            self.recorder.createRecorder(str(path))
            # Silence runs into the recorder all the time: a stream that pauses must not shorten the recording.
            self.phones.silence().startTransmit(self.recorder)
            self.saw("media", str(path))
        return self.recorder

    def forget(self) -> None:
        self.player = self.recorder = None
        self.phones.calls.pop(self.key, None)

    def onCallTransferStatus(self, prm: pj.OnCallTransferStatusParam) -> None:
        prm.cont = prm.statusCode < 200
        if prm.statusCode >= 200:
            self.saw("transferred" if prm.statusCode < 300 else "failed", f"REFER {prm.statusCode}")
            if prm.statusCode < 300:
                self.phones.later.append(self.leave)


class PjsuaPhones:
    """Softphones of this process; see phone.Softphones."""

    def __init__(self, start: Start) -> None:
        self.start = start
        self.lines: dict[str, _Line] = {}
        self.calls: dict[tuple[str, int], _Call] = {}
        self.later: list[Callable[[], None]] = []
        self.events: list[PhoneEvent] = []
        self.counters: dict[str, int] = {}
        self.endpoint = pj.Endpoint()
        self.endpoint.libCreate()
        self.endpoint.libInit(_endpoint_config())
        transport = pj.TransportConfig()
        transport.port = 0
        transport.boundAddress = transport.publicAddress = start.bind
        self.transport = self.endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self.endpoint.libStart()
        self.endpoint.audDevManager().setNullDev()
        for codec in self.endpoint.codecEnum2():
            self.endpoint.codecSetPriority(codec.codecId, 255 if codec.codecId.startswith("PCMU") else 0)

    def saw(self, phone: str, kind: str, call: int = 0, detail: str = "") -> None:
        self.events.append(PhoneEvent(phone, kind, time.monotonic(), call, detail))

    def next_call(self, phone: str) -> int:
        self.counters[phone] = self.counters.get(phone, 0) + 1
        return self.counters[phone]

    def recording_path(self, phone: str, call: int) -> Path:
        return Path(self.start.folder) / f"{_UNSAFE.sub('_', phone)}-{call}.wav"

    def silence(self) -> pj.AudioMedia:
        return self.endpoint.audDevManager().getCaptureDevMedia()

    def do(self, command: Command) -> None:
        match command:
            case AddLine():
                self._add(command)
            case Dial():
                self._dial(command)
            case Answer() | HangUp() | PressKeys() | Transfer():
                call = self.calls.get((command.phone, command.call))
                if call is not None:
                    _act(call, command)
            case Start() | Stop():
                raise ValueError(f"{type(command).__name__} is for the process, not for its phones")

    def _add(self, line: AddLine) -> None:
        host = self.start.registrar.rsplit(":", 1)[0]
        config = pj.AccountConfig()
        config.idUri = f"sip:{line.user}@{host}"
        if line.register:
            config.regConfig.registrarUri = f"sip:{self.start.registrar}"
            config.regConfig.timeoutSec = 300
        config.sipConfig.authCreds.append(pj.AuthCredInfo("digest", "*", line.user, 0, line.secret))
        config.sipConfig.transportId = self.transport
        rtp = config.mediaConfig.transportConfig
        share = self.start.rtp_ports // 8
        rtp.port, rtp.portRange = self.start.rtp_from + share * len(self.lines), share
        rtp.boundAddress = self.start.bind
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
        account = _Line(self, line)
        account.create(config)
        self.lines[line.line] = account

    def _dial(self, dial: Dial) -> None:
        number = dial.call or self.next_call(dial.phone)
        call = _Call(self.lines[dial.line], dial.phone, dial.tone_file, number)
        self.calls[call.key] = call
        call.saw("dialled", dial.number)
        try:
            call.makeCall(self._uri(dial.number), pj.CallOpParam(True))
        except pj.Error as error:
            if self.calls.pop(call.key, None):
                call.saw("failed", error.reason)

    def _uri(self, number: str) -> str:
        return f"sip:{number.replace('#', '%23')}@{self.start.registrar}"

    def transfer(self, call: _Call, number: str) -> None:
        call.xfer(self._uri(number), pj.CallOpParam(True))

    def poll(self, seconds: float) -> list[PhoneEvent]:
        self.endpoint.libHandleEvents(round(seconds * 1000))
        work, self.later = self.later, []
        for step in work:
            try:
                step()
            except pj.Error as error:
                self.saw("", "failed", detail=error.info())
        events, self.events = self.events, []
        return events

    def close(self) -> list[PhoneEvent]:
        self._leave_all()
        events = self._live(1.0, lambda: not self.calls)
        self.calls.clear()
        self.later.clear()
        self._unregister_all()
        events += self._live(0.2, lambda: False)
        self.lines.clear()
        gc.collect()
        self.endpoint.libDestroy()
        return events

    def _leave_all(self) -> None:  # functions of their own: a loop variable would outlive libDestroy
        for call in list(self.calls.values()):
            if not call.left_by_us:
                call.leave()

    def _unregister_all(self) -> None:
        for line in self.lines.values():
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
    config.uaConfig.maxCalls = 4
    config.uaConfig.userAgent = "softphone_sim"
    config.logConfig.level = config.logConfig.consoleLevel = 0
    media = config.medConfig
    media.clockRate = media.sndClockRate = 8000
    media.channelCount = 1
    media.quality = 1
    media.noVad = True
    media.ecTailLen = 0
    return config


def _act(call: _Call, command: Answer | HangUp | PressKeys | Transfer) -> None:
    match command:
        case Answer(code=200):
            call.reply(200)
        case Answer(code=code):
            call.left_by_us = "rejected"
            call.reply(code)
        case HangUp():
            call.leave()
        case PressKeys(keys=keys):
            call.dialDtmf(keys)
            call.saw("keys", keys)
        case Transfer(number=number):
            call.phones.transfer(call, number)
