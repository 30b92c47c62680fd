"""What callers hear: texts to sound, numbers in words, the store of prompts."""
