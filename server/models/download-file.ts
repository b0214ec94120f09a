import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { throwIfCancelled, UnavailableError } from '#core/errors.ts';
import type { ModelFile } from '#core/models/manifest.ts';
import { asStorageError } from '../files/local.ts';
import { PartFile } from './part-file.ts';

export interface DownloadControl {
  readonly signal?: AbortSignal;
  /**
   * Pauses before a broken download goes on, in milliseconds; it is given up when it breaks after the last without having come
   * further.
   */
  readonly pauses?: readonly number[];
}

const usualPauses = [500, 1000, 2000, 4000];
/** A server that sends nothing for so many milliseconds has broken off. */
const longestSilence = 30_000;

/** The transfer broke off, or what had come before turned out to be of something else: another try may do. */
class BrokenTransfer extends Error {}

/**
 * Downloads a file of the manifest to `goal`, which appears whole and checked or not at all. Goes on where an earlier call, of this
 * process or another, was broken off, as long as the server still has the same content (RFC 9110: `Range`, `If-Range`).
 * One caller at a time. Throws `UnavailableError('download-failed' | 'model-corrupt' | 'storage-full')`, `CancelledError`.
 */
export async function downloadFile(
  file: ModelFile,
  url: string,
  goal: string,
  control: DownloadControl = {},
): Promise<void> {
  const { signal, pauses = usualPauses } = control;
  const part = new PartFile(goal);
  let furthest = 0;
  for (let attempt = 0; ; ) {
    try {
      throwIfCancelled(signal);
      await mkdir(dirname(goal), { recursive: true });
      return await tryDownload(file, url, part, control);
    } catch (error) {
      throwIfCancelled(signal);
      if (!(error instanceof BrokenTransfer)) throw asStorageError(error);
      const size = await part.size();
      if (size > furthest) attempt = 0;
      furthest = Math.max(furthest, size);
      const pause = pauses[attempt++];
      if (pause === undefined) throw failed(file, error.message, error);
      await delay(pause, undefined, signal && { signal }).catch(() => throwIfCancelled(signal));
    }
  }
}

async function tryDownload(file: ModelFile, url: string, part: PartFile, control: DownloadControl): Promise<void> {
  const had = await part.size();
  if (had > file.bytes) {
    await part.discard();
    throw new BrokenTransfer('what had come is longer than the file');
  }
  if (had < file.bytes) await fetchRest(file, url, part, had, control);
  if ((await part.sha256()) !== file.sha256) {
    await part.discard();
    // The beginning may be of another version than the rest.
    if (had > 0) throw new BrokenTransfer('the parts do not fit together');
    throw new UnavailableError('model-corrupt', { name: file.path });
  }
  await part.finish();
}

/** Asks for what is missing and lays it down as it comes. */
async function fetchRest(
  file: ModelFile,
  url: string,
  part: PartFile,
  had: number,
  { signal }: DownloadControl,
): Promise<void> {
  const silence = new AbortController();
  const watch = setTimeout(() => silence.abort(), longestSilence);
  try {
    const anySignal = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
    const response = await request(url, had, had > 0 ? await part.validator() : undefined, anySignal);
    const start = await startOf(response, file, part, had);
    const handle = await part.open(start, validatorOf(response));
    let bytes = start;
    try {
      for await (const chunk of chunksOf(response)) {
        watch.refresh();
        bytes += chunk.byteLength;
        // More than the manifest says is of no use, however long it goes on.
        if (bytes > file.bytes) break;
        await handle.writeFile(chunk);
      }
    } finally {
      await handle.close();
    }
    if (bytes < file.bytes) throw new BrokenTransfer('the connection broke off');
    if (bytes > file.bytes) await refuse(file, part);
  } finally {
    clearTimeout(watch);
  }
}

async function request(url: string, had: number, validator: string | undefined, signal: AbortSignal) {
  // Compressed, the lengths and ranges would be of something else.
  const headers = new Headers({ 'Accept-Encoding': 'identity' });
  if (had > 0) headers.set('Range', `bytes=${had}-`);
  if (had > 0 && validator !== undefined) headers.set('If-Range', validator);
  return asTransfer(fetch(url, { headers, signal }));
}

/** Where the answer's content begins in the file. Throws for an answer that is no part of it. */
async function startOf(response: Response, file: ModelFile, part: PartFile, had: number): Promise<number> {
  const { status } = response;
  if (status === 206) {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('Content-Range') ?? '') ?? [];
    if (total !== undefined && total !== '*' && Number(total) !== file.bytes) return refuse(file, part, response);
    if (Number(first) === had) return had;
    await part.discard();
    throw await broken(response, 'another range came than was asked for');
  }
  if (status === 416) {
    await part.discard();
    throw await broken(response, 'the server has less than had come');
  }
  if (status === 429 || status >= 500) throw await broken(response, `status ${status}`);
  if (status !== 200) {
    await response.body?.cancel();
    throw failed(file, `status ${status}`);
  }
  const length = response.headers.get('Content-Length');
  if (length !== null && Number(length) !== file.bytes) return refuse(file, part, response);
  return 0;
}

/** The server has something else under this address: nothing of it is kept. */
async function refuse(file: ModelFile, part: PartFile, response?: Response): Promise<never> {
  await response?.body?.cancel();
  await part.discard();
  throw new UnavailableError('model-corrupt', { name: file.path });
}

async function broken(response: Response, reason: string): Promise<BrokenTransfer> {
  await response.body?.cancel();
  return new BrokenTransfer(reason);
}

/** What can stand in `If-Range`: a strong tag, else a date. */
function validatorOf({ headers }: Response): string | undefined {
  const tag = headers.get('ETag');
  return (tag?.startsWith('"') ? tag : headers.get('Last-Modified')) ?? undefined;
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { done, value } = await asTransfer(reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    // Ends the transfer when the reader has had enough; after the last chunk it does nothing.
    await reader.cancel().catch(() => undefined);
  }
}

async function asTransfer<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new BrokenTransfer('the connection broke off', { cause });
  }
}

function failed(file: ModelFile, reason: string, cause?: unknown): UnavailableError {
  return new UnavailableError('download-failed', { name: file.path, reason }, { cause });
}
