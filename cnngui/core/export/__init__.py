"""A model as a file that other programs answer with."""
