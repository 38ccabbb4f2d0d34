"""Strips that say what has happened and offer what to do next."""
