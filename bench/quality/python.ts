import { join } from 'node:path';

const needed = ['numpy', 'librosa', 'onnxruntime', 'torch', 'resemblyzer', 'pocketsphinx'];
const neededByReference = ['numba', 'pyworld', 'scipy', 'soundfile', 'swift_f0'];

/**
 * A Python with the packages of `requirements.txt`: `given`, else `GIONG_PYTHON`, else `python3`.
 * Throws an `Error` that says what to install when it or a package is missing.
 */
export async function findPython(given: string | undefined, forReference: boolean): Promise<string> {
  const { GIONG_PYTHON } = process.env;
  const python = given ?? GIONG_PYTHON ?? 'python3';
  const modules = forReference ? [...needed, ...neededByReference] : needed;
  const missing = await missingModules(python, modules);
  if (missing.length === 0) return python;

  const requirements = join(import.meta.dir, 'requirements.txt');
  throw new Error(
    `${python} lacks ${missing.join(', ')}. Make an environment for the scorer (Python 3.11 or newer):\n` +
      `  python3 -m venv .venv && .venv/bin/pip install -r ${requirements} && .venv/bin/pip install --no-deps resemblyzer==0.1.4\n` +
      `then name it: --python .venv/bin/python, or GIONG_PYTHON.`,
  );
}

/** Names of `modules` that `python` does not find; all of them when there is no such program. */
async function missingModules(python: string, modules: readonly string[]): Promise<string[]> {
  if (!Bun.which(python)) return [...modules];
  const script = `
import importlib.util, sys
print(" ".join(name for name in sys.argv[1:] if importlib.util.find_spec(name) is None))`;
  const child = Bun.spawn([python, '-c', script, ...modules], { stdout: 'pipe', stderr: 'inherit' });
  const answer = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${python} does not run`);
  return answer.split(/\s+/).filter((name) => name !== '');
}
