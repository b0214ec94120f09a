"""Upstream's networks as modules that trace to ONNX with free lengths: the same arithmetic, written anew where upstream's form does not export.

Each has `forward` with the graph's inputs in order, `inputs` and `outputs` with their names and free axes, and `example` for the tracer.
"""
