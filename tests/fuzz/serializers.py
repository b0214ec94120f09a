"""Media types that schemathesis cannot write by itself. Loaded through SCHEMATHESIS_HOOKS."""

import schemathesis

# A part of an upload: bytes, like those of any file.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
