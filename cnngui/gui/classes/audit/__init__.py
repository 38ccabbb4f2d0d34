"""What a person should look at in a collection, one thing after the other, and how each is mended."""
