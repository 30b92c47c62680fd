"""When a caller speaks: voice activity, where an utterance begins and ends, and the ear that joins the parts."""
