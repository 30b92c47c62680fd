"""Numbers become pseudonyms, and only the key table knows the way back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from acd.records.people import People
from acd.records.pseudonyms import Pseudonyms, SecretExposed, load_secret, normal

SECRET = bytes(range(32))
NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
async def people(tmp_path: Path) -> AsyncIterator[People]:
    opened = await People.open(f"sqlite:///{tmp_path / 'people.sqlite3'}", Pseudonyms(SECRET))
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    "written", ["+79161234567", "8 (916) 123-45-67", "79161234567", "9161234567", '"+7 916 123 45 67"']
)
def test_one_line_has_one_pseudonym_however_its_number_is_written(written: str) -> None:
    assert Pseudonyms(SECRET).of(written) == Pseudonyms(SECRET).of("+79161234567")


def test_a_pseudonym_tells_nothing_without_the_secret() -> None:
    one, other = Pseudonyms(SECRET).of("+79161234567"), Pseudonyms(SECRET[::-1]).of("+79161234567")
    assert one is not None
    assert one != other
    assert one.startswith("p-")
    assert "4567" not in one


@pytest.mark.parametrize("withheld", ["", None, "anonymous", "Anonymous", " Restricted ", "<unknown>"])
def test_a_withheld_number_has_no_pseudonym_since_it_is_not_one_person(withheld: str | None) -> None:
    assert Pseudonyms(SECRET).of(withheld) is None


def test_accounts_and_internal_numbers_have_pseudonyms_of_their_own() -> None:
    pseudonyms = Pseudonyms(SECRET)
    assert len({pseudonyms.of(one) for one in ("caller1", "caller2", "1001", "1002")}) == 4
    assert pseudonyms.of("Caller1") == pseudonyms.of("caller1")
    assert normal("*10") == "10"


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonyms(b"short")


def test_the_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "instance" / "pseudonyms.key"
    first = load_secret(path)
    assert load_secret(path) == first
    assert len(first) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["pseudonyms.key"]
    path.chmod(0o644)
    with pytest.raises(SecretExposed, match="chmod 600"):
        load_secret(path)


async def test_the_key_table_finds_the_number_again(people: People) -> None:
    pseudonym = await people.remember("8 (916) 123-45-67", NOON)
    assert pseudonym is not None
    assert await people.remember("+79161234567", NOON + timedelta(days=1)) == pseudonym
    assert await people.number_of(pseudonym) == "+79161234567"
    assert await people.number_of("p-nobody") is None
    assert await people.remember("anonymous", NOON) is None


async def test_a_person_can_be_erased(people: People) -> None:
    pseudonym = await people.remember("+79161234567", NOON)
    assert pseudonym is not None
    assert await people.forget(pseudonym)
    assert not await people.forget(pseudonym)
    assert await people.number_of(pseudonym) is None


async def test_a_rush_of_callers_leaves_no_more_files_open(people: People, tmp_path: Path) -> None:
    await people.remember("+79161234567", NOON)
    before = open_in(tmp_path)
    for _ in range(3):
        await asyncio.gather(*(people.remember(f"+791600000{n:02}", NOON) for n in range(30)))
    assert open_in(tmp_path) == before


async def test_of_an_erased_number_no_byte_is_left_in_the_folder(people: People, tmp_path: Path) -> None:
    others = [await people.remember(f"+7916000000{n}", NOON) for n in range(5)]
    pseudonym = await people.remember("+79161234567", NOON)
    assert any(b"9161234567" in file.read_bytes() for file in files_in(tmp_path))
    assert pseudonym is not None
    await people.forget(pseudonym)
    assert not any(b"9161234567" in file.read_bytes() for file in files_in(tmp_path))
    assert await people.number_of(others[0] or "") == "+79160000000"


async def test_who_has_not_called_for_long_is_erased(people: People) -> None:
    old = await people.remember("+79160000001", NOON)
    back = await people.remember("+79160000002", NOON)
    await people.remember("+79160000002", NOON + timedelta(days=300))
    assert old is not None
    assert back is not None
    assert await people.forget_unseen_since(NOON + timedelta(days=200)) == 1
    assert await people.number_of(old) is None
    assert await people.number_of(back) == "+79160000002"


async def test_the_key_table_is_for_its_owner_only(people: People, tmp_path: Path) -> None:
    await people.remember("+79161234567", NOON)
    assert {file.stat().st_mode & 0o777 for file in files_in(tmp_path)} == {0o600}


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def open_in(folder: Path) -> int:
    """Descriptors of this process."""
    return sum(os.path.realpath(one).startswith(str(folder)) for one in Path("/proc/self/fd").iterdir())
