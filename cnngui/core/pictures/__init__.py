"""From any file, drop or web address to RGB pixels."""
