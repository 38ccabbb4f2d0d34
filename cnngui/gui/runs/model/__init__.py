"""The model in use: how it is opened, and the button that names it."""
