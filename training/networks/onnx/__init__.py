"""Networks as ONNX files: folded, exported, and held against torch before they stand in for it."""
