/**
 * Throughput of the HTTP layer on Bun.serve against the same routes on Node.js: two servers in processes of their own, loaded in turn by
 * this third one. Prints a table of medians and keeps a JSON.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { formatTable } from '../quality/table.ts';
import { median } from '../statistics.ts';
import { type LoadRequest, sendAll } from './client.ts';

const usage = `usage: bun bench/http/index.ts [options]
  --rounds N     rounds, of which medians are told (default: 5)
  --share X      this share of the requests of each round (default: 1)
  --out FILE     JSON of the results (default: bench/out/http.json)`;

const root = join(import.meta.dir, '../..');
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    share: { type: 'string', default: '1' },
    out: { type: 'string', default: join(root, 'bench/out/http.json') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const uploadBytes = 10 * 2 ** 20;
const partBytes = 2 ** 16;

const runtimes = ['bun', 'node'] as const;
type Runtime = (typeof runtimes)[number];

interface Route {
  readonly name: string;
  readonly request: LoadRequest;
  readonly connections: number;
  /** Requests in a round. */
  readonly count: number;
}

const routes: readonly Route[] = [
  { name: 'GET /health', request: get('/health'), connections: 64, count: 20_000 },
  { name: 'GET a job as JSON', request: get('/api/jobs/j_4hTq9cYw2sKb7mXe'), connections: 64, count: 20_000 },
  { name: 'POST 10 MB', request: upload(), connections: 4, count: 24 },
  { name: 'GET 64 kB of 10 MB', request: part(), connections: 16, count: 4000 },
];

/** What one runtime did with one route: requests in a second, and in a second of the server's CPU time; one value a round. */
interface Measured {
  readonly perSecond: number[];
  readonly perCpuSecond: number[];
}

interface ServerProcess {
  readonly port: number;
  stop(): Promise<void>;
}

function get(path: string, ...headers: readonly string[]): LoadRequest {
  const lines = [`GET ${path} HTTP/1.1`, 'Host: localhost', ...headers, '', ''];
  return { bytes: new TextEncoder().encode(lines.join('\r\n')), status: 200 };
}

function part(): LoadRequest {
  const range = `Range: bytes=${2 ** 20}-${2 ** 20 + partBytes - 1}`;
  return { ...get('/api/jobs/j_4hTq9cYw2sKb7mXe/result', range), status: 206, bodyBytes: partBytes };
}

function upload(): LoadRequest {
  const boundary = 'giong-bench';
  const before = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n`;
  const after = `\r\n--${boundary}--\r\n`;
  const head = [
    'POST /api/uploads HTTP/1.1',
    'Host: localhost',
    `Content-Type: multipart/form-data; boundary=${boundary}`,
    `Content-Length: ${before.length + uploadBytes + after.length}`,
  ].join('\r\n');
  const bytes = Buffer.concat([Buffer.from(`${head}\r\n\r\n${before}`), content(), Buffer.from(after)]);
  return { bytes, status: 201 };
}

function content(): Uint8Array {
  return new Uint8Array(uploadBytes).map((_, index) => (index * 31) ^ (index >> 8));
}

async function startServer(command: readonly string[]): Promise<ServerProcess> {
  const child = Bun.spawn([...command], { stdout: 'pipe', stderr: 'inherit' });
  for await (const chunk of child.stdout) {
    return {
      port: Number(new TextDecoder().decode(chunk)),
      async stop() {
        child.kill();
        await child.exited;
      },
    };
  }
  throw new Error(`${command.join(' ')} ended`);
}

/** Node.js runs JavaScript only: everything that it needs in one file. */
async function bundleForNode(): Promise<string> {
  const bundle = await Bun.build({
    entrypoints: [join(import.meta.dir, 'serve-node.ts')],
    target: 'node',
    outdir: join(root, '.cache/bench'),
    naming: 'http.mjs',
  });
  const [script] = bundle.outputs;
  if (!bundle.success || !script) throw new AggregateError(bundle.logs, 'the benchmark did not bundle');
  return script.path;
}

async function cpuSeconds(port: number): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/cpu`);
  return ((await response.json()) as { seconds: number }).seconds;
}

async function measureRound({ request, connections, count }: Route, port: number, into: Measured): Promise<void> {
  const scaled = Math.max(connections, Math.round(count * Number(options.share)));
  const cpuBefore = await cpuSeconds(port);
  const seconds = await sendAll(port, request, connections, scaled);
  into.perSecond.push(scaled / seconds);
  into.perCpuSecond.push(scaled / ((await cpuSeconds(port)) - cpuBefore));
}

type Results = Readonly<Record<Runtime, readonly Measured[]>>;

async function measureAll(ports: Readonly<Record<Runtime, number>>): Promise<Results> {
  const results = { bun: routes.map(nothing), node: routes.map(nothing) };
  for (const [index, route] of routes.entries()) {
    // The first round warms up. Who comes first alternates, so that what else the machine does hits both.
    for (let round = 0; round <= Number(options.rounds); round++) {
      for (const runtime of round % 2 === 0 ? runtimes : runtimes.toReversed()) {
        const into = round === 0 ? nothing() : (results[runtime][index] ?? nothing());
        await measureRound(route, ports[runtime], into);
      }
    }
  }
  return results;
}

function nothing(): Measured {
  return { perSecond: [], perCpuSecond: [] };
}

function table(results: Results): string {
  const rows = routes.map(({ name, connections }, index) => {
    const cells = (['perSecond', 'perCpuSecond'] as const).flatMap((measure) => {
      const [bun, node] = runtimes.map((runtime) => median(results[runtime][index]?.[measure] ?? []));
      if (bun === undefined || node === undefined) return [];
      return [amount(bun), amount(node), `${(bun / node).toFixed(2)} ×`];
    });
    return [`${name}, ${connections} connections`, ...cells];
  });
  const header = ['requests', 'Bun, 1/s', 'Node, 1/s', 'ratio', 'Bun, 1/CPU s', 'Node, 1/CPU s', 'ratio'];
  return formatTable(header, rows);
}

const amount = (value: number): string => (value < 100 ? value.toFixed(1) : String(Math.round(value)));

async function main(): Promise<void> {
  if (options.help) {
    console.log(usage);
    return;
  }
  const node = Bun.which('node');
  if (!node) throw new Error('Node.js is missing: there is nothing to compare with');
  const folder = await mkdtemp(join(tmpdir(), 'giong-bench-'));
  const servers: ServerProcess[] = [];
  try {
    const download = join(folder, 'download.wav');
    await Bun.write(download, content());
    const start = async (...command: string[]) => {
      const server = await startServer([...command, folder, download]);
      servers.push(server);
      return server.port;
    };
    const ports = {
      bun: await start(process.execPath, join(import.meta.dir, 'serve-bun.ts')),
      node: await start(node, await bundleForNode()),
    };
    const results = await measureAll(ports);
    const nodeVersion = (await Bun.$`${node} --version`.text()).trim();
    const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
    console.log(table(results));
    console.log(
      `\nBun ${Bun.version}, Node.js ${nodeVersion}; ${machine.processor}, ${machine.cores} cores, shared with the client`,
    );
    const names = routes.map(({ name }) => name);
    const report = {
      measuredAt: new Date().toISOString(),
      machine,
      bun: Bun.version,
      node: nodeVersion,
      names,
      results,
    };
    await mkdir(join(options.out, '..'), { recursive: true });
    await Bun.write(options.out, `${JSON.stringify(report, null, 2)}\n`);
    console.log(options.out);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
