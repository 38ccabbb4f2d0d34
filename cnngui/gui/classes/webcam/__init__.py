"""Pictures taken with a camera: which one, what it shows, and how they come into a class."""
