import type { VoiceProfile } from '#core/voice/profile.ts';
import { isVoice, parseVoice } from '#core/voice/serialize.ts';
import { type DataFlag, voiceFolderOf } from './data-folder.ts';
import { findRecording } from './files.ts';
import { about, UsageError } from './outcome.ts';

/** What `--voice` named: a voice that exists already, or recordings to make one of. */
export type VoiceChoice =
  | { readonly kind: 'profile'; readonly profile: VoiceProfile; readonly bytes: Uint8Array }
  | { readonly kind: 'recordings'; readonly recordings: readonly Blob[] };

const mostMagicBytes = 8;

/**
 * Finds what the values of `--voice` name: the file of a voice, a voice of one's own by id or name, or recordings and samples.
 * Throws `InputError('not-found' | 'voice-corrupt' | 'voice-version-unknown')`, `UsageError` for a voice among several values.
 */
export async function chooseVoice(values: readonly string[], flags: DataFlag): Promise<VoiceChoice> {
  const found = await Promise.all(values.map((value) => findOne(value, flags)));
  const bytes = found.find((each) => each instanceof Uint8Array);
  if (bytes === undefined) return { kind: 'recordings', recordings: found.filter((each) => each instanceof Blob) };
  if (found.length > 1) throw new UsageError('--voice');
  const profile = await about(values.join(', '), (async () => parseVoice(bytes))());
  return { kind: 'profile', profile, bytes };
}

/** The bytes of a voice, or a recording that is still unread. */
async function findOne(value: string, flags: DataFlag): Promise<Uint8Array | Blob> {
  const file = Bun.file(value);
  if (await file.exists()) {
    const isNamedSo = value.toLowerCase().endsWith('.giong-voice');
    return isNamedSo || isVoice(await file.slice(0, mostMagicBytes).bytes()) ? file.bytes() : file;
  }
  try {
    return await findRecording(value);
  } catch (notFound) {
    // Loaded only now: most conversions need not wait for it.
    const { VoiceShelf } = await import('./voice-shelf.ts');
    const shelf = new VoiceShelf(voiceFolderOf(flags));
    const own = await shelf.find(value);
    if (!own) throw notFound;
    return about(value, shelf.open(own));
  }
}
