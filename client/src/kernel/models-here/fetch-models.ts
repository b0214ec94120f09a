import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { CancelledError, UnavailableError } from '#core/errors.ts';
import { asDeviceFull } from '../stored/device-full-error.ts';
import { type EngineModel, type EngineModelFile, filesOf } from './kept-engine.ts';
import { type KeptModels, partBytes } from './kept-models.ts';

interface FetchControl {
  readonly signal: AbortSignal;
  /** Bytes that are here. */
  readonly onProgress: (bytes: number) => void;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/**
 * Brings the models of an engine onto this device. What had come before a break stays and is gone on from; a file that is not what
 * its hash says goes. Throws `UnavailableError('download-failed' | 'model-corrupt')`, `DeviceFullError`, `CancelledError`.
 */
export async function fetchModels(
  engine: string,
  models: readonly EngineModel[],
  kept: KeptModels,
  control: FetchControl,
): Promise<void> {
  const files = filesOf({ models });
  const before = (await kept.list()).find((each) => each.engine === engine);
  const isOther = (file: EngineModelFile) => files.every((wanted) => wanted.sha256 !== file.sha256);
  // Other weights, such as an earlier version, make room first.
  if (before && filesOf(before).some(isOther)) await kept.remove(engine);
  let whole = 0;
  try {
    await kept.note({ engine, models, isWhole: false });
    for (const file of files) {
      await fetchFile(file, kept, { ...control, onProgress: (bytes) => control.onProgress(whole + bytes) });
      whole += file.bytes;
    }
    await kept.note({ engine, models, isWhole: true });
  } catch (error) {
    if (control.signal.aborted) throw new CancelledError({ cause: error });
    throw asDeviceFull(error);
  }
}

async function fetchFile(file: EngineModelFile, kept: KeptModels, control: FetchControl): Promise<void> {
  const hash = sha256.create();
  let [bytes, parts] = [0, 0];
  const count = (part: Uint8Array) => {
    control.signal.throwIfAborted();
    hash.update(part);
    bytes += part.length;
    parts += 1;
    control.onProgress(bytes);
  };
  for (let part = await kept.readPart(file, 0); part; part = await kept.readPart(file, parts)) count(part);
  if (bytes < file.bytes) {
    for await (const part of partsOf(await open(file, bytes, control))) {
      await kept.writePart(file, parts, part);
      count(part);
    }
  }
  if (bytes === file.bytes && bytesToHex(hash.digest()) === file.sha256) return;
  await kept.dropFile(file);
  throw new UnavailableError('model-corrupt', { name: file.path });
}

/** The rest of a file, as it comes. */
async function open(
  { url, path }: EngineModelFile,
  from: number,
  { signal, fetch: fetchUrl = (address, init) => fetch(address, init) }: FetchControl,
): Promise<AsyncIterable<Uint8Array>> {
  const fail = (reason: string, cause?: unknown) =>
    new UnavailableError('download-failed', { name: path, reason }, { cause });
  const init = { signal, ...(from > 0 && { headers: { Range: `bytes=${from}-` } }) };
  const response = await fetchUrl(url, init).catch((cause: unknown) => {
    throw fail('the connection broke off', cause);
  });
  if (response.status !== (from > 0 ? 206 : 200) || !response.body) throw fail(`status ${response.status}`);
  const reader = response.body.getReader();
  return (async function* () {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw fail('the connection broke off', cause);
      });
      if (done) return;
      yield value;
    }
  })();
}

/** The same bytes in parts of `partBytes`, the last one shorter. */
async function* partsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let part = new Uint8Array(partBytes);
  let filled = 0;
  for await (let chunk of chunks) {
    while (chunk.length > 0) {
      const taken = chunk.subarray(0, partBytes - filled);
      part.set(taken, filled);
      filled += taken.length;
      chunk = chunk.subarray(taken.length);
      if (filled < partBytes) continue;
      yield part;
      [part, filled] = [new Uint8Array(partBytes), 0];
    }
  }
  if (filled > 0) yield part.slice(0, filled);
}
