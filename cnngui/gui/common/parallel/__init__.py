"""Parallel coordinates: what many trainings have in common, and what their accuracy goes with."""
