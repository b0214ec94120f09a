import { paths } from '../paths.ts';
import { SampleCatalogue } from '../samples.ts';
import type { Voice } from './outcome.ts';

/** `giong voices`: what `--voice` understands besides files. */
export async function listVoices({ language, json }: Voice): Promise<void> {
  const samples = await SampleCatalogue.load(paths.samples);
  const voices = samples.list('voice').map(({ id, name, language: spoken }) => {
    return { id, name: name[language], language: spoken, sample: true };
  });
  if (json) console.log(JSON.stringify({ voices }));
  else for (const { id, name, language: spoken } of voices) console.log(`${id.padEnd(16)} ${name} (${spoken})`);
}
