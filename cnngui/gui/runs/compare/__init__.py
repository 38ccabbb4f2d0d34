"""Several runs beside each other: their curves, their settings, and what the settings do to the accuracy."""
