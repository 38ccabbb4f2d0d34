"""Hyperparameters: what varies, the trials, and what has come of them."""
