"""The list of runs, what can be done with them, and the model in use."""
