"""Looks over the machine and a hotline; every finding comes with its cure."""
