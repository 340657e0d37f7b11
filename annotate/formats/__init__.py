"""Other tools' mask files: one module a format, each with `read` and `write`, no Django.

`read(data, name, width, height, ...)` answers an H x W uint8 mask of class bits for one photo and
raises ValueError with a sentence; `write(masks, ...)` takes {photo name: mask} where the format
holds many. To add a format, copy a module and its test.
"""
