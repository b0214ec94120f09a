/** Below the range from which Linux gives ports to outgoing connections, so that none of those takes a chosen port. */
const lowest = 12_000;
const highest = 32_000;
const given = new Set<number>();
/** Processes that run tests beside each other take every eighth port each, by their numbers: what one is about to use, no other is given. */
const processes = 8;
const ownProcess = Number(process.env.BUN_TEST_WORKER_ID ?? 0) % processes;

/** How far above its own port a Redis Cluster's node listens to the other nodes, unless told otherwise. */
const busOffset = 10_000;

/** A TCP port of 127.0.0.1 on which nothing listens; no port is given twice. */
export const freePort = (): number => take([0], highest);

/** The same for a node of a Redis Cluster, whose bus port is free too and given to nobody else. */
export const freeClusterPort = (): number => take([0, busOffset], highest - busOffset);

function take(offsets: readonly number[], below: number): number {
  for (let tries = 0; tries < 1000; tries++) {
    const port = lowest + processes * Math.floor((Math.random() * (below - lowest)) / processes) + ownProcess;
    const ports = offsets.map((offset) => port + offset);
    if (!ports.every(isFree)) continue;
    for (const each of ports) given.add(each);
    return port;
  }
  throw new Error('no free port');
}

function isFree(port: number): boolean {
  if (given.has(port)) return false;
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true);
    return true;
  } catch {
    return false;
  }
}
