"""The recipe in the form: which one, what is changed of it, and what that does."""
