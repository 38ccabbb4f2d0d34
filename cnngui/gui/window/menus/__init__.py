"""Everything that can be done in the window, a table for each menu."""
