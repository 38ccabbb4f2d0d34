"""A person’s own pictures: their classes, and what can be done with them."""
