"""What has come of a search."""
