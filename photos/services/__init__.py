"""Photos come in and are read."""

from photos.services.adding import add_photo, drawn, keep_original, read_photo_again
from photos.services.reading import prepare_photo

__all__ = ["add_photo", "drawn", "keep_original", "prepare_photo", "read_photo_again"]
