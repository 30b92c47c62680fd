"""Files that are no files, or no YAML: one clear finding each. And many mistakes are found at once."""

from pathlib import Path

import pytest

from ivr.finding import Finding
from ivr.site_check import check
from ivr.yaml_source import MAX_BYTES, parse_yaml
from tests.ivr.small_site import SITE, assert_found, in_menu, in_site, written


def only(path: Path) -> Finding:
    (one,) = check(path)
    assert one.file == str(path)
    assert one.severity == "error"
    return one


def file_with(folder: Path, content: bytes) -> Path:
    path = folder / "site.yaml"
    path.write_bytes(content)
    return path


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "no such file" in only(tmp_path / "site.yaml").sentence


def test_a_folder(tmp_path: Path) -> None:
    assert "this is a folder" in only(tmp_path).sentence


def test_a_file_below_a_file(tmp_path: Path) -> None:
    assert only(file_with(tmp_path, b"") / "site.yaml").code == "not-a-file"


def test_a_link_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "site.yaml"
    path.symlink_to(path)
    assert only(path).code == "file-unreadable"


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert only(tmp_path / ("x" * 300)).code == "file-unreadable"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only a remark\n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path: Path, content: bytes) -> None:
    assert "empty" in only(file_with(tmp_path, content)).sentence


def test_text_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    one = only(file_with(tmp_path, b"name: x\ntitle: " + "Линия".encode("cp1251")))
    assert (one.line, one.column, one.code) == (2, 8, "not-utf8")
    assert "UTF-8" in one.sentence


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    site = written(tmp_path)
    site.write_bytes(b"\xef\xbb\xbf" + SITE.encode())
    assert check(site) == []


def test_a_file_too_large_to_be_a_site(tmp_path: Path) -> None:
    assert only(file_with(tmp_path, b"#" * (MAX_BYTES + 1))).code == "too-large"


@pytest.mark.parametrize("content", ["[1, 2]", "a word", "17", "null"])
def test_a_file_that_is_no_mapping(tmp_path: Path, content: str) -> None:
    one = only(file_with(tmp_path, content.encode()))
    assert (one.line, one.code) == (1, "wrong-type")
    assert "mapping" in one.sentence


SYNTAX = [
    ("a: 1\nb: [1, 2\n", 3, "bracket is opened and never closed"),
    ("a: 1\nb: c: d\n", 2, "a colon too many"),
    ("a:\n\tb: 1\n", 2, "a tab"),
    ("a: 1\nb: *star\n", 2, "a text with * needs quotes"),
    ("a: 1\n---\nb: 2\n", 2, "a second document"),
    ('a: 1\nb: "x\\y"\n', 2, "backslash"),
    ("a:\n  b: 1\n c: 2\n", 3, "indentation"),
    ("a: 1\nb: \x01\n", 2, "control character"),
    ('a: 1\nb: "unclosed\n', 3, "never closed"),
    ("a: !!python/object/apply:os.system [x]\n", 1, "tag"),
    ("a: 1\n? [b, c]\n: d\n", 2, "a key must be one word"),
    ("base: &b {a: 1}\nuse: {<<: *b}\n", 2, "merging"),
    ("a: 1\nb: 2\na: 3\n", 3, "'a' stands here twice (first in line 1)"),
]


@pytest.mark.parametrize(("text", "line", "says"), SYNTAX)
def test_what_is_not_yaml_is_told_with_its_line(text: str, line: int, says: str) -> None:
    _, findings = parse_yaml(text, "site.yaml")
    assert [one.line for one in findings] == [line]
    assert says in findings[0].sentence
    assert str(findings[0]).startswith(f"site.yaml:{line}: error: ")


def test_aliases_that_multiply_are_refused_and_fill_no_memory() -> None:
    levels = [f"l{level}: &l{level} [{', '.join([f'*l{level - 1}'] * 10)}]" for level in range(1, 12)]
    source, findings = parse_yaml("\n".join(["l0: &l0 [x, x]", *levels]), "site.yaml")
    assert source is None
    assert [one.code for one in findings] == ["too-large"]


@pytest.mark.parametrize("text", ["a: &x [*x]", "[" * 5000, "a: " + "{a: " * 3000])
def test_values_without_a_bottom_are_refused(text: str) -> None:
    source, findings = parse_yaml(text, "site.yaml")
    assert source is None
    assert [one.code for one in findings] == ["too-deep"]


def test_digits_keep_their_zeros_and_their_sign() -> None:
    source, _ = parse_yaml("{a: 0800, b: +74951234567, c: 1000, d: 1_000, e: 08:00, f: 1.5, yes: on}", "x")
    assert source is not None
    assert source.plain() == {
        "a": "0800", "b": "+74951234567", "c": 1000, "d": "1_000", "e": "08:00", "f": 1.5, "yes": "on",
    }  # fmt: skip


TWELVE = [
    in_site("1", "timezone: Europe/Moscow", "timezone: Moscow", "timezone", ("'Moscow'",)),
    in_site("2", "    holidays: RU", "    holidais: RU", "unknown-key", ("did you mean 'holidays'?",)),
    in_site("3", '"2026-12-31"', '"31 December"', "date", ("'31 December'",), at="31 December"),
    in_site("4", "ring_timeout: 8", "ring_timeout: soon", "wrong-type", ("'soon'",)),
    in_site("5", "after: 10", "after: 0", "rings-rise", ("must rise",)),
    in_site("6", "    needs: {talking: 1}", "    needs: {talking: 2}", "topic-nobody", ("the highest is 1",)),
    in_site("7", "id: op1", "id: анна", "no-endpoint", ("анна",)),
    in_site(
        "8",
        'sign_out: "*11"',
        'sign_out: "*1"',
        "code-prefix",
        ("*1 (code sign_out) is how *10 (code sign_in), *12 (code ready) begins",),
    ),
    in_site("9", "to: 10199", "to: 10100", "rtp-small", ("too few",), severity="warning"),
    in_menu("10", "    next: hours", "    next: horus", "dangling", ("did you mean 'hours'?",)),
    in_menu("11", 'key: "2"', 'key: "1"', "key-twice", ("key 1",), at="other:"),
    in_menu("12", "{ru: Номер карты, en: Card number}", "{ru: Номер карты}", "no-text", ("'en'",)),
]


def test_twelve_mistakes_in_two_files_are_twelve_findings_in_one_run(tmp_path: Path) -> None:
    findings = check(written(tmp_path, *TWELVE))
    for mistake in TWELVE:
        assert_found(tmp_path, mistake, findings)
    assert len(findings) == 12, "\n".join(map(str, findings))
    assert findings == sorted(findings)
