"""Models put on this machine and taken away again."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pytest

from speech.recognition.model_archive import ArchiveRefused, unpack
from speech.recognition.model_folder import SUMS
from speech.recognition.model_install import NotInstalled, add_model, remove_model
from speech.recognition.models import default_models, find_model, list_models, models_in_use
from speech.recognizer import ModelUnusable
from tests.speech.model_copies import SOURCE, cut, flip, model_copy

NAME = "vosk-model-small-ru-9.9"


class Machine:
    """A folder for models, and for what was proved of them."""

    def __init__(self, folder: Path) -> None:
        self.models = folder / "models"
        self.proofs = folder / "proofs"

    def add(self, source: object, language: str = "", base: str = "http://127.0.0.1:9/") -> str:
        return add_model(str(source), language, self.models, self.proofs, base).name

    def remove(self, name: str) -> None:
        remove_model(name, self.models, self.proofs)

    def there(self) -> list[str]:
        return sorted(path.name for path in self.models.iterdir()) if self.models.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "machine")


@pytest.fixture(scope="module")
def archive(tmp_path_factory) -> Path:
    """A zip file as Vosk's makers pack it: one folder of the model's name."""
    folder = tmp_path_factory.mktemp("packed")
    model_copy(folder / "content", NAME)
    return Path(shutil.make_archive(str(folder / NAME), "zip", folder / "content"))


@pytest.fixture
def publisher(tmp_path: Path, archive: Path) -> Iterator[tuple[str, Path]]:
    """A place that publishes models as Vosk's makers do: address and folder."""
    folder = tmp_path / "published"
    folder.mkdir()
    shutil.copy(archive, folder)
    sum_ = hashlib.md5(archive.read_bytes()).hexdigest()  # noqa: S324  that is what they publish
    entry = {"name": NAME, "lang": "ru", "size": archive.stat().st_size, "md5": sum_}
    (folder / "model-list.json").write_text(json.dumps([entry]))
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", folder
    server.shutdown()
    thread.join()
    server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def test_a_folder_is_copied_proved_and_found(machine: Machine, tmp_path: Path):
    assert machine.add(model_copy(tmp_path)) == NAME
    assert machine.there() == [NAME]
    found = find_model(NAME, machine.models)
    assert (found.path, found.language) == (machine.models / NAME, "ru")
    assert (found.path / SUMS).is_file()


def test_a_zip_file_is_installed(machine: Machine, archive: Path):
    assert machine.add(archive) == NAME
    assert machine.there() == [NAME]


def test_a_zip_file_without_a_folder_of_its_own_takes_the_name_of_the_file(machine: Machine, tmp_path: Path):
    packed = shutil.make_archive(str(tmp_path / "vosk-model-ru-flat"), "zip", model_copy(tmp_path))
    assert machine.add(packed) == "vosk-model-ru-flat"


def test_a_model_comes_by_vosks_own_name(machine: Machine, publisher):
    assert machine.add(NAME, base=publisher[0]) == NAME


def test_a_download_that_is_damaged_or_cut_off_is_refused(machine: Machine, publisher):
    base, folder = publisher
    for spoil in (flip, partial(cut, share=0.9)):
        spoil(folder / f"{NAME}.zip")
        with pytest.raises(NotInstalled, match="damaged or cut off"):
            machine.add(NAME, base=base)
    assert machine.there() == []


def test_a_name_that_nobody_publishes_is_answered_with_names_like_it(machine: Machine, publisher):
    with pytest.raises(NotInstalled, match=rf"published as .*there are {NAME}"):
        machine.add("vosk-model-small-ru-0.0", base=publisher[0])


@pytest.mark.parametrize("spoilt", ["", "[1]", "[{}]", "<html>"])
def test_a_list_that_cannot_be_read_is_one_sentence(machine: Machine, publisher, spoilt: str):
    (publisher[1] / "model-list.json").write_text(spoilt)
    with pytest.raises(NotInstalled, match="cannot be read"):
        machine.add(NAME, base=publisher[0])


def test_without_a_network_the_way_out_is_a_file(machine: Machine):
    with pytest.raises(NotInstalled) as refusal:
        machine.add(NAME)
    assert "cannot be reached from here; fetch the zip file elsewhere" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("source", ["/no/such/folder", "none.zip", "../x", "a b", "", "x" * 200])
def test_what_is_neither_file_nor_name_is_refused(machine: Machine, source: str, monkeypatch, tmp_path: Path):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    with pytest.raises(NotInstalled):
        machine.add(source)
    assert machine.there() == []


def test_a_broken_model_is_not_installed_and_leaves_nothing(machine: Machine, tmp_path: Path):
    model = model_copy(tmp_path)
    cut(model / "graph/HCLr.fst", 0.5)
    with pytest.raises(NotInstalled, match="Vosk broke down over it"):
        machine.add(model)
    assert machine.there() == []


def test_a_model_that_was_damaged_since_its_sums_were_made_is_not_installed(machine: Machine, tmp_path: Path):
    model = model_copy(tmp_path, sums=True)
    flip(model / "am/final.mdl")
    with pytest.raises(NotInstalled, match="is not what it was"):
        machine.add(model)


def test_an_installed_model_is_not_overwritten(machine: Machine, archive: Path):
    machine.add(archive)
    with pytest.raises(NotInstalled, match=f"installed already.*models remove {NAME}"):
        machine.add(archive)


def test_a_model_whose_name_says_no_language_needs_to_be_told(machine: Machine, tmp_path: Path):
    model = model_copy(tmp_path, "ours")
    with pytest.raises(NotInstalled, match="--language"):
        machine.add(model)
    with pytest.raises(NotInstalled, match="no language code"):
        machine.add(model, "Russian")
    machine.add(model, "kk")
    assert models_in_use(None, machine.models) == {**default_models(), "kk": "ours"}


def test_a_removed_model_is_gone_and_can_be_installed_again(machine: Machine, archive: Path):
    machine.add(archive)
    machine.remove(NAME)
    assert machine.there() == []
    with pytest.raises(ModelUnusable, match=r"\./hotline models"):
        find_model(NAME, machine.models)
    machine.add(archive)


@pytest.mark.parametrize("name", ["..", ".", "", "/tmp", "../models", "nobody", ".proofs", SOURCE.name])  # noqa: S108
def test_only_an_installed_model_can_be_removed(machine: Machine, name: str):
    machine.models.mkdir(parents=True)
    (machine.models / ".proofs").mkdir()
    with pytest.raises(NotInstalled):
        machine.remove(name)
    assert SOURCE.is_dir()
    assert machine.there() == [".proofs"]


def test_the_list_tells_which_work_and_which_are_used(machine: Machine, tmp_path: Path, archive: Path):
    machine.add(archive)
    broken = model_copy(machine.models, "vosk-model-en-us-1")
    cut(broken / "am/final.mdl", 0.5)
    listed = {one.name: one for one in list_models(None, machine.models, machine.proofs)}
    assert [
        (name, one.language, one.used_for, one.trouble == "", one.shipped) for name, one in listed.items()
    ] == [
        ("vosk-model-en-us-1", "en", "en", False, False),
        (NAME, "ru", "", True, False),
        (SOURCE.name, "ru", "ru", True, True),
    ]
    wanted = list_models({"ru": NAME}, machine.models, machine.proofs)
    assert {one.name: one.used_for for one in wanted} == {broken.name: "en", NAME: "ru", SOURCE.name: ""}


def test_a_site_may_name_a_folder_of_its_own(machine: Machine, tmp_path: Path):
    own = model_copy(tmp_path, "ours")
    listed = list_models({"ru": str(own)}, machine.models, machine.proofs)
    assert {one.name: one.used_for for one in listed} == {"ours": "ru", SOURCE.name: ""}
    assert find_model(str(own)).path == own


def packed(to: Path, *entries: tuple[str, bytes, int]) -> Path:
    with ZipFile(to, "w", ZIP_STORED) as archive:
        for name, data, mode in entries:
            entry = ZipInfo(name)
            entry.external_attr = mode << 16
            archive.writestr(entry, data)
    return to


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/tmp/evil", "a\\..\\evil", "C:evil"])  # noqa: S108
def test_an_archive_that_reaches_outside_writes_nothing(tmp_path: Path, name: str):
    into = tmp_path / "into"
    with pytest.raises(ArchiveRefused, match="outside"):
        unpack(packed(tmp_path / "x.zip", ("fine", b"1", 0), (name, b"1", 0)), into)
    assert not into.exists()


def test_an_archive_with_a_link_is_refused(tmp_path: Path):
    with pytest.raises(ArchiveRefused, match="link"):
        unpack(packed(tmp_path / "x.zip", ("a", b"/etc/passwd", stat.S_IFLNK | 0o777)), tmp_path / "into")


def test_an_archive_that_grows_too_large_is_refused(tmp_path: Path):
    with pytest.raises(ArchiveRefused, match="MB"):
        unpack(packed(tmp_path / "x.zip", ("a", bytes(2000), 0)), tmp_path / "into", most_bytes=1999)


def test_an_archive_with_too_many_files_is_refused(tmp_path: Path):
    many = [(f"f{n}", b"", 0) for n in range(2001)]
    with pytest.raises(ArchiveRefused, match="2001 files"):
        unpack(packed(tmp_path / "x.zip", *many), tmp_path / "into")


@pytest.mark.parametrize("spoil", [partial(cut, share=0.7), flip, lambda file: file.write_bytes(b"no zip")])
def test_an_archive_that_is_not_whole_is_refused(tmp_path: Path, spoil):
    archive = packed(tmp_path / "x.zip", ("a", bytes(range(256)) * 40, 0))
    spoil(archive)
    with pytest.raises(ArchiveRefused, match="fetch it again"):
        unpack(archive, tmp_path / "into")


def test_a_whole_archive_is_unpacked_as_it_is(tmp_path: Path):
    unpack(packed(tmp_path / "x.zip", ("a/b", b"1", 0o100644), ("a/c", b"", 0)), tmp_path / "into")
    assert (tmp_path / "into/a/b").read_bytes() == b"1"
    assert (tmp_path / "into/a/c").read_bytes() == b""
