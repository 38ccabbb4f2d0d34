"""Collections: a person's own pictures, as a folder with a sub-folder for each class that any program can read."""
