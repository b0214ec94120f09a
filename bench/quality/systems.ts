import { join } from 'node:path';
import type { Pair } from './pairs.ts';

const root = join(import.meta.dir, '../..');

/** A way to convert, as a command line that is run once for each pair. */
export interface System {
  readonly name: string;
  command(pair: Pair, output: string): string[];
}

/** The product as its users run it: `giong convert`, its result at `sampleRate` Hz. */
export function giong(engine: string, sampleRate: number): System {
  return {
    name: 'giong',
    command: ({ source, reference }, output) => [
      ...[process.execPath, join(root, 'server/cli/main.ts'), 'convert', source],
      ...['--voice', reference, '--engine', engine, '--rate', String(sampleRate), '--out', output, '--json'],
    ],
  };
}

/** The readable Python recipe of `mini`: `convert.py SOURCE REFERENCE OUTPUT` in `folder`. */
export function pythonReference(folder: string, python: string): System {
  return {
    name: 'reference',
    command: ({ source, reference }, output) => [python, join(folder, 'convert.py'), source, reference, output],
  };
}

/** Runs one conversion to its end. Throws an `Error` with the command's own words when it fails. */
export async function convert(system: System, pair: Pair, output: string): Promise<void> {
  const command = system.command(pair, output);
  const child = Bun.spawn(command, { cwd: root, stdout: 'pipe', stderr: 'pipe' });
  const [code, ...said] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if (code !== 0) throw new Error(`${command.join(' ')}\nended with ${code}: ${said.join('').trim()}`);
}
