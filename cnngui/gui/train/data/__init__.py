"""The chosen data: reading it beside the window, and what it holds."""
