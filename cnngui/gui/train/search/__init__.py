"""A search for hyperparameters in the Train half."""
