import { dirname, resolve } from 'node:path';

/** One conversion to judge. Paths are absolute; `language` is a code such as `en`. */
export interface Pair {
  readonly source: string;
  readonly reference: string;
  readonly language: string;
}

/**
 * Reads a CSV with the columns `source,reference` and perhaps `lang` (default `en`); others are ignored, relative paths start at
 * the file's folder. Fields hold no quotes and no commas. Throws an `Error` that names what is missing.
 */
export async function readPairs(csvFile: string): Promise<Pair[]> {
  const [header = '', ...lines] = (await Bun.file(csvFile).text()).split(/\r?\n/).filter((line) => line.trim() !== '');
  const columns = header.split(',').map((name) => name.trim());
  const at = (name: string) => columns.indexOf(name);
  for (const name of ['source', 'reference']) {
    if (at(name) < 0) throw new Error(`${csvFile} has no column "${name}"`);
  }

  const folder = dirname(resolve(csvFile));
  return lines.map((line, index) => {
    const fields = line.split(',').map((field) => field.trim());
    const path = (name: string) => {
      const field = fields[at(name)];
      if (!field) throw new Error(`${csvFile}, row ${index + 1}: no ${name}`);
      return resolve(folder, field);
    };
    return { source: path('source'), reference: path('reference'), language: fields[at('lang')] || 'en' };
  });
}
