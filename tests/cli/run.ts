import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const main = join(import.meta.dir, '..', '..', 'server', 'cli', 'main.ts');

export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly code: number;
}

/** A folder to call the command line in, whose data folder is `data` in it. Removed when the test is over. */
export interface CommandLine extends AsyncDisposable {
  readonly folder: string;
  /** Runs `giong` with these arguments, as an English user unless the environment says otherwise. */
  run(args: readonly string[], environment?: Record<string, string>): Promise<Outcome>;
  /** The same, and what it printed as JSON; throws unless it ended well. */
  json<Answer>(args: readonly string[], environment?: Record<string, string>): Promise<Answer>;
  start(args: readonly string[], environment?: Record<string, string>): Bun.Subprocess<'ignore', 'pipe', 'pipe'>;
}

export async function openCommandLine(): Promise<CommandLine> {
  const folder = await mkdtemp(join(tmpdir(), 'giong-cli-'));
  const start = (args: readonly string[], environment: Record<string, string> = {}) =>
    Bun.spawn([process.execPath, main, ...args], {
      cwd: folder,
      env: { ...process.env, LC_ALL: 'en_US.UTF-8', GIONG_DATA: join(folder, 'data'), ...environment },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    });
  const run = async (args: readonly string[], environment?: Record<string, string>): Promise<Outcome> => {
    const child = start(args, environment);
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    return { out, err, code };
  };
  return {
    folder,
    start,
    run,
    async json(args, environment) {
      const { out, err, code } = await run([...args, '--json'], environment);
      if (code !== 0) throw new Error(`giong ${args.join(' ')} ended with ${code}: ${out}${err}`);
      return JSON.parse(out);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
