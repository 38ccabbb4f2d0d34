"""Labels of plain text."""
