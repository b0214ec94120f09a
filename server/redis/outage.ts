/** What Redis and ioredis say while there is no master to write to: an outage, a failover, a server that is still loading. */
const passing = [
  /^(READONLY|NOREPLICAS|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|UNBLOCKED)\b/,
  /^Connection is closed/,
  /^Command timed out/,
  /^Too many Cluster redirections/,
  /^Failed to refresh slots cache/,
  /^Cluster is ended/,
  /^Command aborted/,
  /\bE(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH)\b/,
];

/** Whether the same command may succeed in a while. */
export function isOutage(error: unknown): boolean {
  return error instanceof Error && passing.some((pattern) => pattern.test(error.message));
}

const firstPauseMilliseconds = 100;
const longestPauseMilliseconds = 2000;

/**
 * Does the work, again and again while Redis is out of reach: `attempt` must bear being done twice. Gives its first answer;
 * throws its error when that is no outage, when `patienceMilliseconds` are over, or once the signal is aborted.
 */
export async function outlast<Answer>(
  attempt: () => Promise<Answer>,
  patienceMilliseconds: number,
  signal: AbortSignal,
): Promise<Answer> {
  const deadline = Date.now() + patienceMilliseconds;
  for (let pause = firstPauseMilliseconds; ; pause = Math.min(longestPauseMilliseconds, pause * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isOutage(error) || signal.aborted || Date.now() + pause > deadline) throw error;
    }
    await pauseFor(pause, signal);
  }
}

/** Waits; not to the end when the signal is aborted. */
export function pauseFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
