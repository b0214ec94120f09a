"""Turns published weights into the ONNX graphs that the product runs."""
