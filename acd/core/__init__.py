"""The dispatcher: a pure state machine. No I/O, no clock, no randomness."""
