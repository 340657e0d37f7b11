"""Production inference over numpy arrays: find defects, fill them, add colour. No Django here.

Pictures are H x W (grey) or H x W x 3 (sRGB), uint8 or uint16; every result has exactly the
picture's height and width.
"""
