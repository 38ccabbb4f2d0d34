"""The Train half."""
