"""The list of pictures."""
