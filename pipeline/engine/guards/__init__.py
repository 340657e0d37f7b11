"""Between mask and pixels: what must not be filled unasked. numpy, OpenCV, ONNX Runtime only.

`faces`, `text` and `structures` say where a mark may be part of the picture; `deciding` weighs
the finder's certainty against them: filled, asked, or left. Change what they decide, and
`VERSION` goes up: results are named by it.
"""

VERSION = 10
