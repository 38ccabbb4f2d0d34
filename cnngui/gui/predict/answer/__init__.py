"""The answer for the picture in view."""
