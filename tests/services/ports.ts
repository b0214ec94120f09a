/** Below the range from which Linux gives ports to outgoing connections, so that none of those takes a chosen port. */
const lowest = 12_000;
const highest = 32_000;
const given = new Set<number>();

/** A TCP port of 127.0.0.1 on which nothing listens; no port is given twice. */
export function freePort(): number {
  for (let tries = 0; tries < 1000; tries++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (given.has(port)) continue;
    try {
      Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true);
    } catch {
      continue;
    }
    given.add(port);
    return port;
  }
  throw new Error('no free port');
}
