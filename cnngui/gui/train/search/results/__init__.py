"""What has come of a search: the best trial, all trials, and what the settings do to the accuracy."""
