"""Networks that others published, as ONNX graphs: described by data, run in their own child."""
