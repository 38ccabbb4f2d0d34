"""The builder: a network of the user's own layers, with what it comes to."""
