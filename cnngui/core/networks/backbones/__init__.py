"""Networks that others have trained on ImageNet, to begin from."""
