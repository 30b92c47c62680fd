"""The flow interpreter: a pure state machine. No I/O, no clock, no randomness."""
