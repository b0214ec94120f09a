import { UnavailableError } from '#core/errors.ts';
import { examine, type FileFinding } from '../observe/doctor.ts';
import type { Voice } from './outcome.ts';
import type { Words } from './words.ts';

/** `giong doctor`. Throws `UnavailableError('model-missing' | 'model-corrupt')` after its report when something is wrong. */
export async function doctor({ json }: Voice, words: Words): Promise<void> {
  const findings = await examine();
  const bad = findings.files.find((file) => file.state !== 'good');
  if (json) {
    console.log(JSON.stringify(findings));
  } else {
    const { versions, cores, memory, simd, files } = findings;
    console.log(`giong ${versions.giong}, Bun ${versions.bun}, ${versions.platform}`);
    console.log(`CPU ${cores} · RAM ${gibibytes(memory.totalBytes)} (${gibibytes(memory.freeBytes)})`);
    console.log(`${mark(simd)} WebAssembly SIMD`);
    for (const file of files) console.log(`${mark(file.state === 'good')} ${file.name}: ${describe(file, words)}`);
  }
  if (!bad) return;
  const error = new UnavailableError(bad.state === 'missing' ? 'model-missing' : 'model-corrupt', { name: bad.name });
  // A program has the findings already, and one JSON object is all that it expects.
  if (!json) throw error;
  process.exitCode = 1;
}

function describe({ state, bytes, sha256 }: FileFinding, words: Words): string {
  if (state === 'missing') return words.missing;
  return `${state === 'corrupt' ? `${words.corrupt}, ` : ''}${bytes} B, sha256 ${sha256?.slice(0, 16)}…`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function mark(good: boolean): string {
  return good ? '✓' : '✗';
}
