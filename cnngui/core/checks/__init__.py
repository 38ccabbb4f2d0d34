"""What a person should know of a data set before it is trained on, and of its labels afterwards."""
