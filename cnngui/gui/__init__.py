"""The window. It calls the core and is never called by it."""
