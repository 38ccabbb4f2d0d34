"""The curves of several runs in one plot."""
