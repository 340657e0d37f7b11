"""Other tools' mask files: one module a format, each with `read` and `write`, no Django.

`read(source, name, width, height, ...)` answers an H x W uint8 mask of class bits for one photo and
raises ValueError with a sentence; `write(masks, ...)` takes {photo name: mask}. Modules of one
photo a file (png, labelme) leave the name out. To add a format, copy a module and its test.
"""
