"""The right side of the Predict half: the answer for the picture in view."""
