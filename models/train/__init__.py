"""Training of `mini`, the embedded engine: from recordings to models/mini/*.onnx. README.md has the commands."""
