"""A search for hyperparameters in the window: asking for it, running it, and following one from elsewhere."""
