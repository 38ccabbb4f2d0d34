"""The pictures of a class, as a grid."""
