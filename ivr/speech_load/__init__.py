"""How many callers this machine can listen to: test speech through a real speech worker, in real time."""
