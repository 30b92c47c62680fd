"""The caller's voice: from the switch to a speech worker, and what was understood back to the call."""
