"""Automatic call distribution: which operator gets which call."""
