import { basename, extname } from 'node:path';
import { InputError } from '#core/errors.ts';
import { parseVoice } from '#core/voice/serialize.ts';
import { enginesOf } from '#core/voice/speaker.ts';
import { voiceNameSchema } from '../http/schemas.ts';
import { paths } from '../paths.ts';
import { SampleCatalogue } from '../samples.ts';
import { type DataFlag, voiceFolderOf } from './data-folder.ts';
import { findRecording, writeWhole } from './files.ts';
import { about, UsageError, type Voice } from './outcome.ts';
import { type VoiceRecord, VoiceShelf, voiceExtension } from './voice-shelf.ts';
import { voiceWords } from './words/voices.ts';

export interface ConsentFlag {
  readonly consent?: true;
}

const shelfOf = (flags: DataFlag) => new VoiceShelf(voiceFolderOf(flags));

/** `giong voices`: what `--voice` understands besides files. */
export async function listVoices(flags: DataFlag, { language, json }: Voice): Promise<void> {
  const samples = (await SampleCatalogue.load(paths.samples)).list('voice').map((sample) => {
    return { id: sample.id, name: sample.name[language], language: sample.language, sample: true };
  });
  const own = await shelfOf(flags).list();
  if (json) {
    console.log(JSON.stringify({ voices: [...samples, ...own.map((record) => ({ ...record, sample: false }))] }));
    return;
  }
  for (const { id, name, language: spoken } of samples) console.log(`${id.padEnd(16)} ${name} (${spoken})`);
  for (const record of own) console.log(`${lineOf(record)} (${seconds(record, language)})`);
}

/** `giong voices export`. Throws `InputError('not-found')`, `UsageError` for a file that cannot be written. */
export async function exportVoice(
  idOrName: string,
  file: string | undefined,
  flags: DataFlag,
  { language, json }: Voice,
): Promise<void> {
  const shelf = shelfOf(flags);
  const record = await about(idOrName, shelf.get(idOrName));
  // A name may hold what no file's name can.
  const out = file ?? `${record.name.replace(/[/\\:*?"<>|]|^\.+/g, '_')}${voiceExtension}`;
  await about(out, writeWhole(out, [await shelf.open(record)]));
  if (json) console.log(JSON.stringify({ id: record.id, out }));
  else console.log(`${voiceWords[language].written} ${out}`);
}

/** `giong voices import`. Throws `InputError('consent-missing' | 'not-found' | 'voice-corrupt' | 'voice-version-unknown')`. */
export async function importVoice(
  file: string,
  { name, consent, ...flags }: DataFlag & ConsentFlag & { readonly name?: string },
  voice: Voice,
): Promise<void> {
  const voiceName = checkName(name ?? basename(file, extname(file)));
  requireConsent({ ...(consent && { consent }) });
  const bytes = await (await findRecording(file)).bytes();
  const profile = await about(file, (async () => parseVoice(bytes))());
  const engines = enginesOf(profile);
  const record = await shelfOf(flags).add(bytes, { name: voiceName, engines, speechSeconds: profile.speechSeconds });
  tell(record, voiceWords[voice.language].created, voice);
}

/** `giong voices rename`. Throws `InputError('not-found')`, `UsageError` for a name that is none. */
export async function renameVoice(idOrName: string, name: string, flags: DataFlag, voice: Voice): Promise<void> {
  const shelf = shelfOf(flags);
  const newName = checkName(name);
  const record = await shelf.rename(await about(idOrName, shelf.get(idOrName)), newName);
  tell(record, voiceWords[voice.language].renamed, voice);
}

/** `giong voices delete`. Throws `InputError('not-found')`. */
export async function deleteVoice(idOrName: string, flags: DataFlag, voice: Voice): Promise<void> {
  const shelf = shelfOf(flags);
  const record = await about(idOrName, shelf.get(idOrName));
  await shelf.remove(record);
  tell(record, voiceWords[voice.language].deleted, voice);
}

/** The name as it is kept, by the same rule as the server's. Throws `UsageError`. */
export function checkName(name: string): string {
  const parsed = voiceNameSchema.safeParse(name);
  if (!parsed.success) throw new UsageError('name');
  return parsed.data;
}

/** Throws `InputError('consent-missing')`. */
export function requireConsent({ consent }: ConsentFlag): void {
  if (consent !== true) throw new InputError('consent-missing');
}

/** Says what became of a voice. */
export function tell(record: VoiceRecord, what: string, { language, json }: Voice): void {
  if (json) console.log(JSON.stringify(record));
  else console.log(`${what} ${lineOf(record)} (${seconds(record, language)})`);
}

function lineOf({ id, name }: VoiceRecord): string {
  return `${id.padEnd(16)} ${name}`;
}

function seconds({ speechSeconds }: VoiceRecord, language: Voice['language']): string {
  return `${speechSeconds.toFixed(1)} ${voiceWords[language].speech}`;
}
