"""What a telephone line does to sound, for trials."""
