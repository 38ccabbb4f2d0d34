"""What a model says about pictures."""
