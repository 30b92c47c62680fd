"""Engines that turn sound into words, behind one port, and the models they need."""
