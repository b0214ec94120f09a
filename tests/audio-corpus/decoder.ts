/** A process that decodes files of the corpus by name, as a server does that lets nobody send more than ten minutes. */
import { checkAudible } from '#core/audio/checks.ts';
import { decodeAudio } from '#core/audio/decode.ts';
import { defaultLimits } from '#core/audio/limits.ts';
import { InputError } from '#core/errors.ts';
import { optionBounds } from '#core/options.ts';
import { kernelsFor } from '../support/kernels.ts';
import { corpus } from './index.ts';

/** What became of a file. */
export interface Decoded {
  /** The code of the refusal, or `decodes`. */
  readonly outcome: string;
  /** Largest resident memory of the process so far, in bytes. */
  readonly peakBytes: number;
}

const limits = { ...defaultLimits, maxSeconds: 600 };
const highest = { sampleRate: optionBounds.outputRate.maximum, kernels: await kernelsFor('simd') };

async function decode(name: string): Promise<string> {
  const file = corpus.find((candidate) => candidate.name === name);
  if (!file) throw new Error(`no file ${name}`);
  const bytes = await file.build();
  try {
    checkAudible((await decodeAudio(bytes, { limits, highest })).audio);
    return 'decodes';
  } catch (error) {
    // Anything else than a refusal is what the corpus looks for.
    return error instanceof InputError ? error.code : `${error}`;
  }
}

/** The system's other account of it, `maxRSS`, begins with that of the process that started this one. */
async function peakBytes(): Promise<number> {
  const status = await Bun.file('/proc/self/status').text();
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

process.on('message', async (name: string) => {
  const outcome = await decode(name);
  process.send?.({ outcome, peakBytes: await peakBytes() } satisfies Decoded);
});
process.send?.('ready');
