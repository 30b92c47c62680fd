"""Thin looks at the machine and the hotline. They change nothing, and judge nothing."""
