/**
 * A real server under load on this machine: users with open WebSockets who upload, convert, listen and download for some minutes.
 * Prints a table of what must hold and keeps a JSON; ends with 1 when a request failed that should not have.
 */
import { mkdir } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDataFolder, startServerProcess } from '../../tests/server/server-process.ts';
import { formatTable } from '../quality/table.ts';
import { quantile } from '../statistics.ts';
import { speechClip } from './clip.ts';
import { Tally } from './tally.ts';
import { LoadUser } from './user.ts';
import { type Sample, Watch } from './watch.ts';

const usage = `usage: bun bench/load/index.ts [options]
  --minutes N    how long users begin new conversions (default: 5)
  --users N      users (default: 50)
  --sockets N    WebSockets of all users together (default: 200)
  --seconds N    length of a clip (default: 10)
  --workers N    worker threads (default: one a core)
  --unlimited    lift the server's rate limits; without it they are the defaults, and each user has an address of their own
  --out FILE     JSON of the results (default: bench/out/load.json)`;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    users: { type: 'string', default: '50' },
    sockets: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    workers: { type: 'string', default: String(availableParallelism()) },
    unlimited: { type: 'boolean', default: false },
    out: { type: 'string', default: join(import.meta.dir, '../out/load.json') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** Delay of the event loop in ms that users do not feel. */
const mostLoopDelay = 100;
/** Growth of memory between the second minute and the last that is no leak. */
const mostGrowth = 0.1;
/** Jobs a minute that the deployment guide states for four cores. */
const guideJobsPerMinute = 10;

/** An empty variable leaves the server's own default in place. */
const defaultLimits = { GIONG_RATE_CONVERT: '', GIONG_RATE_VOICES: '', GIONG_RATE_UPLOAD: '', GIONG_RATE_GENERAL: '' };

async function main(): Promise<boolean> {
  if (options.help) {
    console.log(usage);
    return true;
  }
  const minutes = Number(options.minutes);
  const tally = new Tally();
  await using folder = await makeDataFolder();
  const server = await startServerProcess(folder.path, {
    GIONG_WORKERS: options.workers,
    GIONG_PROXIES: '1',
    ...(options.unlimited ? {} : defaultLimits),
  });
  try {
    await server.logged('workers ready');
    const watch = new Watch(server.url);
    const start = performance.now();
    const deadline = start + 60_000 * minutes;
    const users = await makeUsers(server, deadline, tally);
    progress(tally, deadline);
    await Promise.all(users.map((user) => user.run()));
    for (const user of users) user.leave();
    await watch.stop();
    return await report(tally, watch, start, minutes);
  } finally {
    await server.stop();
  }
}

async function makeUsers(
  server: Awaited<ReturnType<typeof startServerProcess>>,
  deadline: number,
  tally: Tally,
): Promise<LoadUser[]> {
  const clipSeconds = Number(options.seconds);
  const clip = await speechClip(clipSeconds);
  const [count, sockets] = [Number(options.users), Number(options.sockets)];
  return Array.from({ length: count }, (_, index) => {
    const share = Math.floor(sockets / count) + (index < sockets % count ? 1 : 0);
    return new LoadUser({ server, index, clip, clipSeconds, sockets: share, deadline, tally });
  });
}

async function report(tally: Tally, { samples, pings }: Watch, start: number, minutes: number): Promise<boolean> {
  const inTime = tally.finished.filter((time) => time < start + 60_000 * minutes).length;
  const growth = growthOf(samples, minutes);
  const loopDelays = samples.map((sample) => sample.loopDelayP99);
  const results = {
    requests: tally.requests,
    failed: tally.failed,
    failures: tally.failures,
    limited: tally.limited,
    jobs: tally.finished.length,
    jobsPerMinute: inTime / minutes,
    waitSeconds: { median: quantile(tally.waits, 0.5), p99: quantile(tally.waits, 0.99) },
    loopDelayP99: { median: quantile(loopDelays, 0.5), worst: Math.max(...loopDelays) },
    loopDelayMax: Math.max(...samples.map((sample) => sample.loopDelayMax)),
    healthMilliseconds: { median: quantile(pings, 0.5), p99: quantile(pings, 0.99), worst: Math.max(...pings) },
    memoryGrowth: growth ?? null,
  };
  const ok = (holds: boolean) => (holds ? '✓' : '✗');
  const milliseconds = (value: number) => `${value.toFixed(1)} ms`;
  console.log(
    formatTable(
      ['', 'measured', 'wanted', ''],
      [
        ['requests that failed', `${results.failed} of ${results.requests}`, '0', ok(results.failed === 0)],
        ['refused for now (429), obeyed', String(results.limited), '', ''],
        ['event loop, p99 of 10 s, median', milliseconds(results.loopDelayP99.median), '', ''],
        [
          'event loop, p99 of 10 s, worst',
          milliseconds(results.loopDelayP99.worst),
          `< ${mostLoopDelay} ms`,
          ok(results.loopDelayP99.worst < mostLoopDelay),
        ],
        [
          'GET /health, p50 / p99',
          `${milliseconds(results.healthMilliseconds.median)} / ${milliseconds(results.healthMilliseconds.p99)}`,
          '',
          '',
        ],
        [
          'memory, second minute to last',
          growth === undefined ? 'too short to tell' : percent(growth),
          `± ${100 * mostGrowth} %`,
          growth === undefined ? '' : ok(Math.abs(growth) <= mostGrowth),
        ],
        [
          'jobs a minute',
          results.jobsPerMinute.toFixed(1),
          `> ${guideJobsPerMinute} (4 cores)`,
          ok(results.jobsPerMinute > guideJobsPerMinute),
        ],
        [
          'from asking to having, p50 / p99',
          `${results.waitSeconds.median.toFixed(1)} s / ${results.waitSeconds.p99.toFixed(1)} s`,
          '',
          '',
        ],
      ],
    ),
  );
  for (const [reason, count] of Object.entries(tally.failures)) console.log(`${count} × ${reason}`);
  const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
  console.log(
    `\n${options.users} users, ${options.sockets} WebSockets, ${options.minutes} minutes; ${machine.processor}, ${machine.cores} cores, shared with the users`,
  );
  await mkdir(dirname(options.out), { recursive: true });
  const json = { measuredAt: new Date().toISOString(), machine, options, results, samples };
  await Bun.write(options.out, `${JSON.stringify(json, null, 2)}\n`);
  console.log(options.out);
  return results.failed === 0;
}

/** Memory of the last minute against the second, as a share of it; undefined when there are fewer than three. */
function growthOf(samples: readonly Sample[], minutes: number): number | undefined {
  const meanOf = (minute: number) => {
    const part = samples.filter(({ seconds }) => seconds >= 60 * (minute - 1) && seconds < 60 * minute);
    return part.reduce((sum, { residentBytes }) => sum + residentBytes, 0) / part.length;
  };
  return minutes < 3 ? undefined : meanOf(minutes) / meanOf(2) - 1;
}

const percent = (share: number): string => `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)} %`;

/** One line on the terminal that is overwritten; nothing where stderr is a file. */
function progress(tally: Tally, deadline: number): void {
  if (!process.stderr.isTTY) return;
  const timer = setInterval(() => {
    const left = Math.round((deadline - performance.now()) / 1000);
    if (left <= 0) clearInterval(timer);
    process.stderr.write(
      `\r\x1b[K${left > 0 ? `${left} s, ${tally.finished.length} jobs, ${tally.failed} failed` : ''}`,
    );
  }, 1000);
}

try {
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
