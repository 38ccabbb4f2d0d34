"""From pixels to what is said about them."""
