import { CancelledError, UnavailableError } from '#core/errors.ts';
import type { VoiceQuality } from '#core/voice/quality.ts';
import type { Spectrogram } from '../spectrogram.ts';
import { errorOfFailure } from './failure.ts';
import type {
  LocalComparison,
  LocalConversion,
  LocalEncoding,
  LocalOutcome,
  LocalReferences,
  LocalReply,
  LocalRequest,
  LocalResult,
  LocalSimilarity,
  LocalVoice,
  LocalVoiceFacts,
} from './protocol.ts';

/** What is used of a `Worker`. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent<LocalReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
  postMessage(message: LocalRequest, transfer: Transferable[]): void;
  terminate(): void;
}

interface LocalControl {
  readonly signal?: AbortSignal | undefined;
  /** Share of the work that is done, 0..1. */
  readonly onProgress?: ((fraction: number) => void) | undefined;
}

/** Conversions on this device, in a worker that starts with the first one. */
export interface LocalEngine {
  /** Takes the buffers over. Throws `InputError`, `UnavailableError` or `CancelledError`. */
  convert(conversion: LocalConversion, control?: LocalControl): Promise<LocalResult>;
  /** Any known audio file as WAV, for players that do not know its format. Takes the buffer over. */
  decode(file: ArrayBuffer, control?: LocalControl): Promise<LocalResult>;
  /** Takes the buffer over. */
  encode(encoding: LocalEncoding, control?: LocalControl): Promise<LocalResult>;
  /** Takes the buffer over. */
  spectrogram(file: ArrayBuffer, control?: LocalControl): Promise<Spectrogram>;
  /** Takes the buffers over. Throws `InputError` where one of them has too little speech to tell whose it is. */
  similarity(comparison: LocalComparison, control?: LocalControl): Promise<LocalSimilarity>;
  /** What recordings of a voice are worth together. Takes the buffers over. */
  voiceQuality(references: ArrayBuffer[], control?: LocalControl): Promise<VoiceQuality>;
  /** Makes a voice of recordings of one person. Takes the buffers over. Throws `InputError` where there is too little speech. */
  describeVoice(recordings: LocalReferences, control?: LocalControl): Promise<LocalVoice>;
  /** Reads a portable voice file whole. Takes the buffer over. Throws `InputError('voice-corrupt' | 'voice-version-unknown')`. */
  checkVoice(profile: ArrayBuffer, control?: LocalControl): Promise<LocalVoiceFacts>;
  dispose(): void;
}

interface Pending {
  resolve(result: LocalOutcome): void;
  reject(error: Error): void;
  readonly onProgress: LocalControl['onProgress'];
}

export function createLocalEngine(startWorker: () => WorkerLike): LocalEngine {
  const pending = new Map<number, Pending>();
  let worker: WorkerLike | undefined;
  let lastId = 0;

  /** Ends the worker with all that it was doing; the next request starts a fresh one. */
  function stop(reason: Error): void {
    worker?.terminate();
    worker = undefined;
    const abandoned = [...pending.values()];
    pending.clear();
    for (const { reject } of abandoned) reject(reason);
  }

  function start(): WorkerLike {
    const started = startWorker();
    started.onmessage = ({ data }) => take(data);
    started.onerror = (event) => {
      event.preventDefault();
      stop(new UnavailableError('internal', {}, { cause: event.message }));
    };
    started.onmessageerror = () => stop(new UnavailableError('internal', {}, { cause: 'unreadable message' }));
    return started;
  }

  function take(reply: LocalReply): void {
    const waiting = pending.get(reply.id);
    if (!waiting) return;
    if (reply.type === 'progress') {
      waiting.onProgress?.(reply.fraction);
      return;
    }
    pending.delete(reply.id);
    if (reply.type === 'done') waiting.resolve(reply.result);
    else waiting.reject(errorOfFailure(reply.failure));
  }

  /** `Result` is what the worker answers to this type of request. */
  function ask<Result extends LocalOutcome>(
    request: (id: number) => LocalRequest,
    transfer: ArrayBuffer[],
    { signal, onProgress }: LocalControl,
  ): Promise<Result> {
    if (signal?.aborted) return Promise.reject(new CancelledError({ cause: signal.reason }));
    lastId += 1;
    const id = lastId;
    worker ??= start();
    const running = worker;
    const cancel = () => running.postMessage({ id, type: 'cancel' }, []);
    signal?.addEventListener('abort', cancel, { once: true });
    return new Promise<LocalOutcome>((resolve, reject) => {
      pending.set(id, { resolve, reject, onProgress });
      running.postMessage(request(id), transfer);
    })
      .then((result) => result as Result)
      .finally(() => signal?.removeEventListener('abort', cancel));
  }

  return {
    convert: (conversion, control = {}) =>
      ask((id) => ({ id, type: 'convert', conversion }), [conversion.source, conversion.reference], control),
    decode: (file, control = {}) => ask((id) => ({ id, type: 'decode', file }), [file], control),
    encode: (encoding, control = {}) => ask((id) => ({ id, type: 'encode', encoding }), [encoding.file], control),
    spectrogram: (file, control = {}) => ask((id) => ({ id, type: 'spectrogram', file }), [file], control),
    similarity: (comparison, control = {}) =>
      ask((id) => ({ id, type: 'similarity', comparison }), [comparison.result, ...comparison.references], control),
    voiceQuality: (references, control = {}) =>
      ask((id) => ({ id, type: 'voice-quality', references }), references, control),
    describeVoice: (recordings, control = {}) =>
      ask((id) => ({ id, type: 'describe-voice', recordings }), [...recordings.references], control),
    checkVoice: (profile, control = {}) => ask((id) => ({ id, type: 'check-voice', profile }), [profile], control),
    dispose: () => stop(new CancelledError()),
  };
}
