"""The curves of a training, what they say, and the files they are saved in."""
