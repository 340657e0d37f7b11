"""The REST API of photos and masks, for other tools too."""
