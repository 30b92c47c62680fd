from __future__ import annotations

from ivr.setup.voices import source_text

STANZAS = """\
# how the cloud's image has it
Types: deb
# http://snapshot.example/20250520T000000Z
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
"""
LINES = """\
deb cdrom:[Debian GNU/Linux 12]/ bookworm main
#deb http://commented.example/debian bookworm main
deb http://mirror.example/debian/ bookworm main non-free-firmware
deb-src http://mirror.example/debian/ bookworm main
deb http://security.example/debian-security bookworm-security main
"""


def fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_the_mirror_of_a_stanza_is_kept() -> None:
    assert fields(source_text([STANZAS], "bookworm")) == {
        "Types": "deb",
        "URIs": "http://mirror.example/debian",
        "Suites": "bookworm",
        "Components": "non-free",
        "Signed-By": "/usr/share/keyrings/debian-archive-keyring.gpg",
    }


def test_the_installers_one_line_form_is_read_too() -> None:
    found = fields(source_text(["", LINES], "bookworm"))
    assert found["URIs"] == "http://mirror.example/debian/"
    assert found["Signed-By"] == "/usr/share/keyrings/debian-archive-keyring.gpg"


def test_a_key_named_by_the_line_is_kept() -> None:
    line = "deb [arch=amd64 signed-by=/etc/apt/keyrings/ours.gpg] http://ours.example/debian bookworm main\n"
    assert fields(source_text([line], "bookworm"))["Signed-By"] == "/etc/apt/keyrings/ours.gpg"


def test_security_updates_alone_are_no_mirror_of_the_release() -> None:
    assert source_text([STANZAS.split("\n\n")[1], LINES.splitlines()[-1]], "bookworm") == ""


def test_another_release_and_no_source_at_all_give_nothing() -> None:
    assert source_text([STANZAS, LINES], "trixie") == ""
    assert source_text([], "bookworm") == ""


def test_a_source_for_programs_texts_only_is_none() -> None:
    assert source_text([STANZAS.replace("Types: deb", "Types: deb-src")], "bookworm") == ""


def test_a_key_written_into_the_stanza_does_not_spill_into_ours() -> None:
    stanza = (
        "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nComponents: main\n"
        "Signed-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n Version: 1\n -----END PGP PUBLIC KEY BLOCK-----\n"
    )
    assert fields(source_text([stanza], "bookworm"))["Signed-By"].endswith("debian-archive-keyring.gpg")
