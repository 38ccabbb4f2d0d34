"""What files of single formats need beside Pillow."""
