import { InputError } from '../../errors.ts';

/** What the decoders of `@audio/decode-*` offer: bytes in as they come, planar sound out. */
interface StreamDecoder {
  decode(bytes: Uint8Array): { readonly channelData: readonly Float32Array[] };
  flush?(): { readonly channelData: readonly Float32Array[] };
  free(): void;
}

/**
 * Feeds a file to a decoder piece by piece and frees the decoder however the loop ends. Small pieces bound the memory that one
 * step may take: in a file made for it, a few bytes stand for a second of silence.
 * Throws `InputError('audio-corrupt')` when the decoder gives up.
 */
export async function* decodePieces(
  open: () => Promise<StreamDecoder>,
  pieces: Iterable<Uint8Array>,
): AsyncGenerator<readonly Float32Array[]> {
  const decoder = await open();
  try {
    for (const piece of pieces) yield guarded(() => decoder.decode(piece).channelData);
    yield guarded(() => decoder.flush?.().channelData ?? []);
  } finally {
    decoder.free();
  }
}

/** Cuts a file into pieces of equal size. */
export function* piecesOf(bytes: Uint8Array, pieceBytes: number): Generator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += pieceBytes) yield bytes.subarray(offset, offset + pieceBytes);
}

function guarded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new InputError('audio-corrupt', { reason: 'decoder' }, { cause });
  }
}
