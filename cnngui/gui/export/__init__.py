"""Exporting a model for other programs: the dialog, and the process that does it."""
