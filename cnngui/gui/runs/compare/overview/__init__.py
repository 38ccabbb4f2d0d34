"""What the settings of all runs do to the accuracy."""
