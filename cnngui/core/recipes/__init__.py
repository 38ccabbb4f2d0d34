"""What decides a training."""
