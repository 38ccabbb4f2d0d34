"""Pictures that are answered after each epoch."""
