"""cnngui: train convolutional networks and classify pictures with them."""

__version__ = "0.1.0"
