"""Asterisk's configuration from a plan, checked by our own linter, and a private Asterisk to run it."""
