"""A set-up that cannot go on."""

from __future__ import annotations


class SetupProblem(Exception):
    """What is in the way, whose it is and the way out, in one sentence for the person at the terminal."""
