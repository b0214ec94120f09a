import manifest from '../../../samples/manifest.json' with { type: 'json' };
import type { Language } from '../i18n/language.ts';

/** A recording or voice that comes with the app; its id is known to the server too. */
export interface Sample {
  readonly id: string;
  readonly name: Readonly<Record<Language, string>>;
  readonly language: string;
  /** Where the app's own copy is. */
  readonly url: string;
}

const urls = import.meta.glob<string>('../../../samples/{recordings,voices}/*', {
  query: '?url',
  import: 'default',
  eager: true,
});

function withUrl({ file, ...sample }: (typeof manifest.voices)[number]): Sample {
  const url = urls[`../../../samples/${file}`];
  if (!url) throw new Error(`samples/${file} is listed but not there`);
  return { ...sample, url };
}

export const sampleVoices: readonly Sample[] = manifest.voices.map(withUrl);
export const sampleRecordings: readonly Sample[] = manifest.recordings.map(withUrl);
