"""Opens the models of strangers: what a file may name, what its network costs, and how its weights are read."""
