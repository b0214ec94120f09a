import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subprocess } from 'bun';

export interface ServiceSpec {
  /** For messages, and the start of the folder's name. */
  readonly name: string;
  /** The program and its arguments; it must stay in the foreground. */
  readonly command: readonly string[];
  /** Where it runs and keeps its files; its output goes to `output.log` there. */
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Resolves when it answers its clients. */
  ready(): Promise<unknown>;
  /** What ends it in `stop()`. Nothing is to be saved, so the default spares no time. */
  readonly stopSignal?: NodeJS.Signals;
}

/** All folders of one run stand in one, named after its process. */
const runs = join(tmpdir(), 'giong-services');
const ownRun = join(runs, `${process.pid}`);
let swept: Promise<void> | undefined;

/** A new folder in the system's temporary folder. What a killed run left behind goes with the next one. */
export async function temporaryFolder(name: string): Promise<string> {
  swept ??= sweep();
  await swept;
  await mkdir(ownRun, { recursive: true });
  return mkdtemp(join(ownRun, `${name}-`));
}

async function sweep(): Promise<void> {
  // Servers with a user of their own pass through.
  await mkdir(runs, { recursive: true, mode: 0o755 });
  const ended = (await readdir(runs)).filter((run) => !existsSync(`/proc/${run}`));
  await Promise.all(ended.map((run) => rm(join(runs, run), { recursive: true, force: true })));
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  // Fails, as it should, while other folders stand there.
  await rmdir(ownRun).catch(() => {});
}

/** One process of a real program. It never outlives this process, however that ends. */
export class Service {
  readonly #spec: ServiceSpec;
  #process: Subprocess | undefined;
  #isPaused = false;

  private constructor(spec: ServiceSpec) {
    this.#spec = spec;
  }

  /** Starts the program and waits until it answers. Throws with its output when it ends instead, and removes its folder. */
  static async start(spec: ServiceSpec): Promise<Service> {
    const service = new Service(spec);
    try {
      await service.restart();
    } catch (error) {
      await removeFolder(spec.folder);
      throw error;
    }
    return service;
  }

  get name(): string {
    return this.#spec.name;
  }

  get pid(): number {
    if (!this.#process) throw new Error(`${this.name} does not run`);
    return this.#process.pid;
  }

  /** Neither ended nor paused. */
  get isRunning(): boolean {
    return this.#process !== undefined && !this.#isPaused;
  }

  /** Starts it anew, with the same command on the same folder. */
  async restart(): Promise<void> {
    await this.kill();
    const { command, folder, environment, ready } = this.#spec;
    const log = join(folder, 'output.log');
    const output = openSync(log, 'a');
    // The kernel kills the program when this process dies, even of SIGKILL.
    const started = Bun.spawn(['setpriv', '--pdeathsig', 'KILL', ...command], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdin: 'ignore',
      stdout: output,
      stderr: output,
    });
    closeSync(output);
    this.#process = started;
    const ended = started.exited.then(async () => {
      throw new Error(`${this.name} ended before it was ready:\n${await readFile(log, 'utf8')}`);
    });
    try {
      await Promise.race([ready(), ended]);
    } catch (error) {
      await this.kill();
      throw error;
    }
    // From here on its end is somebody's wish.
    ended.catch(() => {});
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Freezes it: it keeps its connections and answers nothing, like a machine behind a cut cable. */
  pause(): void {
    this.#isPaused = true;
    this.signal('SIGSTOP');
  }

  resume(): void {
    this.#isPaused = false;
    this.signal('SIGCONT');
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.#end(this.#spec.stopSignal ?? 'SIGKILL');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const ending = this.#process;
    if (!ending) return;
    this.#process = undefined;
    this.#isPaused = false;
    ending.kill(signal);
    await ending.exited;
  }
}
