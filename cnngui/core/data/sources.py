"""The names of the data sets that are no folders of pictures; apart from their reading, which takes time to import."""

CIFAR10 = "cifar10"
SHAPES = "shapes"
