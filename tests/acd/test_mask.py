"""Nothing personal reaches a log."""

from __future__ import annotations

from typing import Any

import pytest

from acd.mask import UnmaskedNumber, mask_digits, mask_number, mask_words, masked, refusing


@pytest.mark.parametrize("number", ["+79161234567", "8 (916) 123-45-67", "79161234567", "00442079460967"])
def test_a_number_keeps_its_last_two_digits(number: str) -> None:
    assert mask_number(number) == "…67"


@pytest.mark.parametrize("harmless", ["1000", "op17", "caller1", "p-mfzwc5lbnrqxgzlm", ""])
def test_internal_numbers_accounts_and_pseudonyms_stay(harmless: str) -> None:
    assert mask_number(harmless) == harmless


def test_digits_show_neither_themselves_nor_how_many_they_are() -> None:
    assert mask_digits("1") == mask_digits("123456") == mask_digits("*#") == "***"
    assert mask_digits("") == ""


def test_words_are_counted_only() -> None:
    assert mask_words("мне нужен врач") == "[3 words]"


def event(**fields: Any) -> dict[str, Any]:
    return dict(masked(None, "info", {"event": "A caller arrived.", **fields}))


def test_personal_fields_are_masked_by_their_name_however_deep_and_however_written() -> None:
    got = event(
        number="+79161234567",
        Caller_ID="89161234567",
        detail={"digits": "4276", "node": "card", "calls": [{"phone": "+79161234588"}]},
        transcript="мой номер восемь девять",
        digits=["1", "2"],
    )
    assert got == {
        "event": "A caller arrived.",
        "number": "…67",
        "Caller_ID": "…67",
        "detail": {"digits": "***", "node": "card", "calls": [{"phone": "…88"}]},
        "transcript": "[4 words]",
        "digits": ["***", "***"],
    }


def test_a_setting_named_key_stays_readable() -> None:
    assert event(key="database")["key"] == "database"
    assert event(key="5")["key"] == "***"


def test_other_fields_stay_as_they_are() -> None:
    fields = {
        "call": "1763832642.17",
        "port": 5060,
        "at": "2026-11-22T17:30:42Z",
        "ok": True,
        "operator": None,
    }
    assert event(**fields) == {"event": "A caller arrived.", **fields}


@pytest.mark.parametrize(
    "slipped",
    [
        "call from +79161234567",
        "from 89161234567.",
        "from 8 (916) 123-45-67",
        "sip:+79161234567@host failed",
        "PJSIP/89161234567-00000001 is gone",
        "из +7 916 123 45 67",
    ],
)
def test_a_number_that_slipped_into_text_is_masked(slipped: str) -> None:
    text = event(error=slipped)["error"]
    assert "…67" in text
    assert "123" not in text


@pytest.mark.parametrize(
    "harmless",
    [
        "at 2026-11-22 17:30:42 the link broke",
        "call 1763832642.17 is gone",
        "listening on 127.0.0.1:20001",
        "ports 10000-10199",
        "took 12.345678901 s",
        "id 550e8400-e29b-41d4-a716-446655440000",
        "id 12345678-1234-1234-1234-123456789012",
        "/var/log/20261122173042/x",
        "1234567 entries",
    ],
)
def test_times_ports_addresses_and_ids_are_not_taken_for_numbers(harmless: str) -> None:
    assert event(error=harmless)["error"] == harmless


def test_under_test_a_number_in_the_message_itself_is_refused() -> None:
    with pytest.raises(UnmaskedNumber, match="…67") as caught:
        refusing(None, "info", {"event": "call from +79161234567"})
    assert "9161234" not in str(caught.value)
    assert refusing(None, "info", {"event": "A call.", "number": "+79161234567"})["number"] == "…67"


def test_a_real_log_line_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    import structlog

    log = structlog.wrap_logger(
        structlog.PrintLogger(),
        processors=[structlog.processors.format_exc_info, masked, structlog.processors.JSONRenderer()],
    )
    try:
        raise RuntimeError("no route to +79161234567")
    except RuntimeError:
        log.exception("The call failed.", number="+79161234567")
    written = capsys.readouterr().out
    assert "1234567" not in written
    assert "RuntimeError" in written
