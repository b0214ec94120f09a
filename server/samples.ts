import { join, sep } from 'node:path';
import { z } from 'zod';
import { InputError } from '#core/errors.ts';
import type { Language } from './language.ts';

const entrySchema = z.object({
  id: z.string(),
  file: z.string(),
  name: z.object({ vi: z.string(), en: z.string() }),
  language: z.string(),
});
const manifestSchema = z.object({ voices: z.array(entrySchema), recordings: z.array(entrySchema) });

/** A recording that everybody may use. */
export interface Sample {
  readonly id: string;
  readonly kind: 'voice' | 'recording';
  readonly name: Readonly<Record<Language, string>>;
  /** BCP 47. */
  readonly language: string;
}

/** The sample voices and recordings that come with the program. */
export class SampleCatalogue {
  readonly #samples: ReadonlyMap<string, Sample & { path: string }>;

  private constructor(samples: readonly (Sample & { path: string })[]) {
    this.#samples = new Map(samples.map((sample) => [sample.id, sample]));
  }

  /** Reads `manifest.json` of the folder. */
  static async load(folder: string): Promise<SampleCatalogue> {
    const manifest = manifestSchema.parse(await Bun.file(join(folder, 'manifest.json')).json());
    const asSample = (kind: Sample['kind']) => (entry: z.infer<typeof entrySchema>) => {
      const { id, name, language, file } = entry;
      return { id, kind, name, language, path: join(folder, file.replaceAll('/', sep)) };
    };
    return new SampleCatalogue([
      ...manifest.voices.map(asSample('voice')),
      ...manifest.recordings.map(asSample('recording')),
    ]);
  }

  list(kind: Sample['kind']): Sample[] {
    return [...this.#samples.values()].filter((sample) => sample.kind === kind);
  }

  find(id: string): Sample | undefined {
    return this.#samples.get(id);
  }

  /** The sample's audio file. Throws `InputError('not-found')`. */
  open(id: string): Blob {
    const sample = this.#samples.get(id);
    if (!sample) throw new InputError('not-found');
    return Bun.file(sample.path);
  }
}

/** Where the API serves the sound of a sample. */
export function sampleAudioUrl(id: string): string {
  return `/api/samples/${id}/audio`;
}
