"""How well a set of test sound is understood."""
