#!/bin/sh
# Whether the server of this container answers, or the process that converts: whichever it is.
# shellcheck disable=SC2016 # it is JavaScript that has the dollars
set -eu
exec "${GIONG_BUN:-bun}" -e '
  const ports = [process.env.PORT ?? "8080", process.env.GIONG_METRICS_PORT].filter(Boolean);
  const asked = ports.map(async (port) => {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4000) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
  });
  await Promise.any(asked).catch(() => process.exit(1));
'
