"""What of a changed site file a reload cannot put into force: it was given to other processes at their start."""

from __future__ import annotations

from collections.abc import Callable

from ivr.site import Site

_ASTERISK: tuple[tuple[str, Callable[[Site], object]], ...] = (
    ("the operators' phones", lambda site: sorted((one.endpoint, one.name) for one in site.operators)),
    ("the numbers", lambda site: [entry.number for entry in site.numbers]),
    ("the feature codes", lambda site: site.feature_codes()),
    ("the transfer codes", lambda site: site.transfer_codes()),
    ("the address and the ports of SIP", lambda site: site.telephony.sip),
    ("the ports of the voice", lambda site: site.telephony.rtp),
    ("the networks phones may register from", lambda site: site.telephony.phones_from),
    ("the callers' accounts", lambda site: site.telephony.callers),
    ("the trunks", lambda site: site.telephony.trunks),
    ("the expected calls", lambda site: site.telephony.expected_calls),
    ("the longest ring timeout", lambda site: max(line.ring_timeout for line in site.lines.values())),
)
_PROCESSES: tuple[tuple[str, Callable[[Site], object]], ...] = (
    ("the database", lambda site: site.database),
    ("speech", lambda site: (site.speech, site.speech.on and site.languages)),
)


def restart_needed(started: Site, now: Site) -> list[str]:
    """A sentence for each part that changed since the hotline was started and waits for a restart."""
    return [
        f"{what} changed: in force after ./hotline down and ./hotline up, which end the calls there are"
        for what, of in (*_ASTERISK, *_PROCESSES)
        if of(started) != of(now)
    ]
