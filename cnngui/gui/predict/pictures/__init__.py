"""The left side of the Predict half: the list of pictures."""
