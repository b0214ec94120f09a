import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { errorWording } from '#core/error-text.ts';
import { GiongError, throwIfCancelled } from '#core/errors.ts';
import type { BatchHandlers } from '../workers/batch-worker.ts';
import { WorkerPool } from '../workers/pool.ts';
import { spawnWorker } from '../workers/worker-client.ts';
import { BatchJournal } from './batch-journal.ts';
import { type BatchItem, planBatch } from './batch-plan.ts';
import { type ConvertFlags, formatOf, optionsOf } from './convert.ts';
import { dataFolderOf } from './data-folder.ts';
import { about, exitCodes, printFailure, UsageError, type Voice } from './outcome.ts';
import { startProgress } from './progress.ts';
import { chooseVoice, type VoiceChoice } from './voice-choice.ts';
import { batchWords } from './words/batch.ts';
import type { Words } from './words.ts';

/** Options of `giong batch`, as they come from the command line. */
interface BatchFlags extends Omit<ConvertFlags, 'out'> {
  readonly outDir: string;
  readonly jobs?: string;
  readonly force?: true;
}

const mostJobs = 64;

interface Outcome {
  readonly item: BatchItem;
  readonly result: { readonly seconds: number; readonly bytes: number } | GiongError;
}

/**
 * `giong batch`: all in this process, several files at a time. A file that fails is told of in the end and stops no other; then the
 * exit code is 1. Throws `GiongError` when nothing could be begun, `CancelledError` after an interrupt.
 */
export async function batch(paths: readonly string[], flags: BatchFlags, voice: Voice, words: Words): Promise<void> {
  const start = performance.now();
  const { engine = 'mini', outDir, force = false } = flags;
  const options = optionsOf(flags);
  const format = formatOf({ voice: flags.voice, ...(flags.format !== undefined && { format: flags.format }) });
  const jobs = jobsOf(flags.jobs);
  const items = await planBatch(paths, outDir, format);
  const chosen = await chooseVoice(flags.voice, flags);
  await makeFolder(outDir);
  const journal = await BatchJournal.open(outDir);
  const conversion = JSON.stringify([await contentOf(chosen), engine, options]);
  const keyOf = ({ version }: BatchItem) => sha256([version, conversion]);
  const isDone = (item: BatchItem) => existsSync(item.out) && journal.has(item.name, keyOf(item));
  const todo = items.filter((item) => force || !isDone(item));

  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.on('SIGINT', onInterrupt);
  const { signal } = interrupt;
  const progress = await startProgress(words);
  const setup = { dataFolder: dataFolderOf(flags) };
  const pool = new WorkerPool<BatchHandlers>(Math.max(1, Math.min(jobs, todo.length)), () =>
    spawnWorker(new URL('../workers/batch-worker.ts', import.meta.url), setup),
  );
  try {
    const profile =
      todo.length === 0 ? undefined : await about(flags.voice.join(', '), describe(chosen, pool, engine, signal));
    const share = shareOf(todo, progress.update);
    const convert = async (item: BatchItem): Promise<Outcome> => {
      const { source, out } = item;
      const task = { source, out, voice: profile ?? new Uint8Array(), engine, options, format };
      const onProgress = share(item);
      const result = await about(source, pool.run('convert', task, { signal, onProgress })).catch(asFailure);
      onProgress(1);
      if (!(result instanceof GiongError)) await journal.add(item.name, keyOf(item));
      return { item, result };
    };
    const outcomes = await Promise.all(todo.map(convert));
    progress.stop();
    throwIfCancelled(signal);
    const skipped = items.filter((item) => !todo.includes(item));
    report(outcomes, skipped, (performance.now() - start) / 1000, voice);
  } finally {
    progress.stop();
    process.off('SIGINT', onInterrupt);
    pool.stop();
  }
}

async function describe(
  chosen: VoiceChoice,
  pool: WorkerPool<BatchHandlers>,
  engine: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (chosen.kind === 'profile') return chosen.bytes;
  const recordings = await Promise.all(chosen.recordings.map((file) => file.bytes()));
  return pool.run('describe', { recordings, engine }, { signal });
}

/** Names what the voice is made of. */
async function contentOf(chosen: VoiceChoice): Promise<string> {
  if (chosen.kind === 'profile') return sha256([chosen.bytes]);
  return sha256(await Promise.all(chosen.recordings.map((file) => file.bytes())));
}

function sha256(parts: readonly (string | Uint8Array)[]): string {
  const hasher = new Bun.CryptoHasher('sha256');
  for (const part of parts) hasher.update(part);
  return hasher.digest('hex');
}

/** Adds the progress of single files up: each counts for its bytes. */
function shareOf(items: readonly BatchItem[], update: (fraction: number) => void) {
  const total = items.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  return ({ bytes }: BatchItem) => {
    let before = 0;
    return (fraction: number) => {
      done += bytes * (fraction - before);
      before = fraction;
      update(total === 0 ? 1 : done / total);
    };
  };
}

function asFailure(error: unknown): GiongError {
  return error instanceof GiongError ? error : new GiongError('internal', {}, { cause: error });
}

function report(outcomes: readonly Outcome[], skipped: readonly BatchItem[], wallSeconds: number, voice: Voice): void {
  const { language, json } = voice;
  const words = batchWords[language];
  const done = outcomes.flatMap(({ item: { source, out }, result }) =>
    result instanceof GiongError ? [] : [{ source, out, ...result }],
  );
  const failed = outcomes.flatMap(({ item: { source }, result }) =>
    result instanceof GiongError ? [{ source, failure: result }] : [],
  );
  if (json) {
    const errors = failed.map(({ source, failure: { code, details } }) => {
      const { title, advice } = errorWording(code, language, details);
      return { source, error: { code, title, detail: advice } };
    });
    const passedOver = skipped.map(({ source, out }) => ({ source, out }));
    console.log(JSON.stringify({ done, skipped: passedOver, failed: errors, wallSeconds }));
  } else {
    const counts = [
      `${done.length} ${words.done}`,
      `${skipped.length} ${words.skipped}`,
      `${failed.length} ${words.failed}`,
    ];
    console.log(`${counts.join(' · ')} (${wallSeconds.toFixed(1)} s)`);
    for (const { failure } of failed) printFailure(failure, voice);
  }
  if (failed.length > 0) process.exitCode = exitCodes.failed;
}

function jobsOf(text: string | undefined): number {
  const jobs = text === undefined ? availableParallelism() : Number(text.trim() || Number.NaN);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > mostJobs) throw new UsageError('--jobs');
  return jobs;
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch(() => {
    throw new UsageError('--out-dir');
  });
}
