from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from ivr.setup import environment


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with an environment that looks whole."""
    for name in environment.LOCKS:
        (tmp_path / name).write_text(f"{name}==1\n")
    (tmp_path / "var").mkdir()
    put_in_force(tmp_path)
    return tmp_path


def put_in_force(project: Path) -> Path:
    folder = project / "var" / f"python-{environment._digest(project)[:12]}"
    packages = folder / "lib" / "python3.11" / "site-packages"
    for name in ("rich", "rich-15.dist-info", "__pycache__"):
        (packages / name).mkdir(parents=True)
    (folder / "bin").mkdir()
    (folder / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    environment._stamp(project, folder)
    environment._point(project / environment.LINK, folder)
    return folder


def packages(project: Path) -> Path:
    return next((project / "var/python/lib").glob("python3.*/site-packages"))


def test_a_whole_environment_is_used(project: Path) -> None:
    assert environment.ready(project)


def test_what_somebody_added_to_it_does_no_harm(project: Path) -> None:
    (packages(project) / "another").mkdir()
    assert environment.ready(project)


@pytest.mark.parametrize("name", environment.LOCKS)
def test_a_changed_lock_file_asks_for_another(name: str, project: Path) -> None:
    (project / name).write_text("something==2\n")
    assert not environment.ready(project)


def test_a_lost_package_is_noticed(project: Path) -> None:
    (packages(project) / "rich").rmdir()
    assert not environment.ready(project)


def test_another_python_under_it_is_noticed(project: Path) -> None:
    link = project / "var/python/bin/python"
    link.unlink()
    link.symlink_to("/usr/bin/env")  # as when the distribution's python3 points to a newer one
    assert not environment.ready(project)


@pytest.mark.parametrize("stamp", ["", "half of {", "[]", "{}", '"text"', json.dumps({"packages_in": "lib"})])
def test_a_stamp_that_is_not_whole_counts_as_none(stamp: str, project: Path) -> None:
    (project / "var/python" / environment.STAMP).write_text(stamp)
    assert not environment.ready(project)


def test_no_environment_at_all_is_none(project: Path) -> None:
    (project / environment.LINK).unlink()
    assert not environment.ready(project)


def test_a_hotline_that_runs_keeps_its_own_environment_when_the_lock_changes(project: Path) -> None:
    running = environment.python(project)
    (project / "requirements.lock").write_text("rich==16\n")
    newer = put_in_force(project)
    assert running.exists()
    assert environment.python(project).parent.parent == newer
    assert environment.ready(project)


def test_what_is_older_than_the_one_before_goes(project: Path) -> None:
    first = environment.python(project)
    for version in ("16", "17"):
        (project / "requirements.lock").write_text(f"rich=={version}\n")
        put_in_force(project)
    assert not first.exists()
    assert len(list((project / "var").glob("python-*"))) == 2


def test_a_folder_where_the_link_should_be_makes_room(project: Path) -> None:
    link = project / environment.LINK
    folder = Path(os.path.realpath(link))
    link.unlink()
    (link / "lib").mkdir(parents=True)
    environment._point(link, folder)
    assert environment.ready(project)
    assert (project / "var/python-before/lib").is_dir()


def test_the_machines_certificates_decide_unless_a_person_said_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "ca-certificates.crt"
    monkeypatch.setattr(environment, "CERTIFICATES", bundle)
    monkeypatch.delenv("PIP_CERT", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", "/his/own.pem")
    assert environment._trusted() == {}
    bundle.touch()
    assert environment._trusted() == {"PIP_CERT": str(bundle)}
