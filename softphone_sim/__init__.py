"""Softphones for tests and demonstrations: people with a phone, on pjsua2."""
