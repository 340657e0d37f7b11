"""How holes are filled: which pixels, by which method, coarse to fine, and with what grain.

Pure modules over numpy arrays; `pipeline.engine.inpainting` puts them in a row.
"""
