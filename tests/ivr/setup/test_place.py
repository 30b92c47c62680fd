from __future__ import annotations

from pathlib import Path

import pytest

from ivr.setup.place import DEEPEST, LONGEST_SOCKET, refuse_unfit
from ivr.setup.problem import SetupProblem

DEEP = LONGEST_SOCKET - len(DEEPEST) - 1  # bytes the project's own path may have


@pytest.mark.parametrize(
    "path", ["/root/hotline", "/home/anna/горячая линия", "/srv/a b+c@d~e", "/" + "x" * (DEEP - 1)]
)
def test_an_ordinary_folder_will_do(path: str) -> None:
    refuse_unfit(Path(path))


@pytest.mark.parametrize("path", ["/" + "x" * DEEP, "/" + "ж" * (DEEP // 2 + 1)])
def test_a_folder_too_deep_for_a_socket_is_told_before_anything_is_installed(path: str) -> None:
    with pytest.raises(SetupProblem, match=r"has to be \d+ bytes shorter; move the project"):
        refuse_unfit(Path(path))


def test_a_letter_asterisks_files_cannot_name_is_named() -> None:
    with pytest.raises(SetupProblem, match=r"move the project to one without \(\)$"):
        refuse_unfit(Path("/home/anna/hotline (copy)"))
    with pytest.raises(SetupProblem, match="without a space at the end"):
        refuse_unfit(Path("/home/anna/hotline "))
