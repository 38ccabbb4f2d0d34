"""What is dropped on the window: what it is, where it goes, and what the window says meanwhile."""
