"""Pictures on the screen: as large as they fit, as thumbnails, cropped."""
