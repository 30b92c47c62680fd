"""Proof on bare machines; see README.md."""
