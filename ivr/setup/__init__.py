"""From a bare machine to a running command. Only Python's standard library: nothing else is there yet."""
