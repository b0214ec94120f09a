import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dir, '..', '..', 'server', 'cli', 'main.ts');

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** `giong serve` or `giong worker` in a process of its own. */
export interface GiongProcess {
  /** Resolves with the first log line, past or to come, that says so. */
  logged(message: string): Promise<LogLine>;
  /** SIGTERM and wait; the exit code. */
  stop(): Promise<number>;
  /** SIGKILL and wait: nothing of the process gets a last word. */
  kill(): Promise<void>;
}

export interface ServerProcess extends GiongProcess {
  readonly url: string;
  readonly dataFolder: string;
}

/** A data folder that is removed when the test is over. */
export async function makeDataFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'giong-server-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Tests ask more of a server in a minute than a person does. */
export const noLimits = {
  GIONG_RATE_CONVERT: '0',
  GIONG_RATE_VOICES: '0',
  GIONG_RATE_UPLOAD: '0',
  GIONG_RATE_GENERAL: '0',
  GIONG_RATE_STATUS: '0',
};

/** Starts `giong serve` on a free port, or the given one, and resolves once it listens. */
export async function startServerProcess(
  dataFolder: string,
  environment: Record<string, string> = {},
  port = 0,
): Promise<ServerProcess> {
  const started = await start(
    ['serve', '--port', `${port}`, '--host', '127.0.0.1', '--data', dataFolder],
    environment,
    'listening',
  );
  return { ...started.process, url: String(started.line.url).replace(/\/$/, ''), dataFolder };
}

/** Starts `giong worker` and resolves once it takes jobs. */
export async function startWorkerProcess(
  dataFolder: string,
  environment: Record<string, string>,
): Promise<GiongProcess> {
  return (await start(['worker', '--data', dataFolder], environment, 'working')).process;
}

async function start(args: readonly string[], environment: Record<string, string>, readyLine: string) {
  // The kernel kills it when this process dies, even of SIGKILL.
  const child = Bun.spawn(['setpriv', '--pdeathsig', 'KILL', process.execPath, main, ...args], {
    env: { ...process.env, GIONG_LOG: 'info', GIONG_WORKERS: '1', ...noLimits, ...environment },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const log = followLog(child.stdout);
  const errors = new Response(child.stderr).text();
  const line = await Promise.race([
    log.find(readyLine),
    child.exited.then(async (code) => {
      throw new Error(`giong ${args[0]} ended with ${code}: ${await errors}`);
    }),
  ]);
  const process_: GiongProcess = {
    logged: log.find,
    async stop() {
      child.kill('SIGTERM');
      return child.exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
  return { process: process_, line };
}

/** Reads JSON lines as they come, for those who ask for one. */
function followLog(stream: ReadableStream<Uint8Array>) {
  const lines: LogLine[] = [];
  const waiting = new Set<(line: LogLine) => void>();
  void (async () => {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of stream) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const line: LogLine = JSON.parse(part);
        lines.push(line);
        for (const hear of waiting) hear(line);
      }
    }
  })();
  return {
    async find(message: string): Promise<LogLine> {
      const past = lines.find((line) => line.msg === message);
      if (past) return past;
      return new Promise((resolve) => {
        const hear = (line: LogLine) => {
          if (line.msg !== message) return;
          waiting.delete(hear);
          resolve(line);
        };
        waiting.add(hear);
      });
    },
  };
}
