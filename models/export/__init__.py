"""The official Seed-VC models as ONNX graphs, and the fixtures that the engine is tested with. README.md has the commands."""
