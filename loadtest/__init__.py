"""Load: the dispatcher under invented or recorded calls."""
