"""The list of trained models, and the model in use."""
