"""The proof that an export answers as the model does."""
