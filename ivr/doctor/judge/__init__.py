"""What is to be thought of what was seen. Pure: facts in, findings out; the facts are defined here."""
