"""The conversation with the caller, and the way to Asterisk."""
