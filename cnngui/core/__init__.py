"""All that cnngui can do without a window: no Qt in here, and TensorFlow only inside functions."""
