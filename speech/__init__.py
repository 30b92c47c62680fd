"""Sound: prompts from texts, and later words from sound."""
