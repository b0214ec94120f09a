import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '#core/errors.ts';
import { about, UsageError } from './outcome.ts';

/** One file to convert. */
export interface BatchItem {
  readonly source: string;
  readonly out: string;
  /** Bytes of the source: what it counts for in the progress. */
  readonly bytes: number;
  /** Whether the result is there already, and no older than the source. */
  readonly isDone: boolean;
}

/** Files of a folder that are taken for recordings, by their ending; a file that is named itself is taken whatever it is called. */
const recordingName = /\.(wav|mp3|flac|m4a|mp4|aac|ogg|oga|opus|webm)$/i;
/** Results of ours, which no batch converts again. */
const resultName = /\.giong\.\w+$/i;

/**
 * What there is to do for the paths of a command line: files, and folders with all recordings below. A file `a/b.wav` of a folder
 * `a`'s parent becomes `a/b.giong.wav` below `outFolder`. Throws `InputError('not-found')`, `UsageError` when two files would have
 * one result.
 */
export async function planBatch(paths: readonly string[], outFolder: string, format: string): Promise<BatchItem[]> {
  const found = (await Promise.all(paths.map((path) => about(path, findSources(path, outFolder))))).flat();
  const planned = new Map<string, string>();
  const items: BatchItem[] = [];
  for (const { source, name } of found) {
    const stem = name.slice(0, name.length - extname(name).length);
    // Two files may differ by their ending alone; the second keeps it.
    const candidates = [`${stem}.giong.${format}`, `${name}.giong.${format}`].map((each) => join(outFolder, each));
    if (candidates.some((each) => planned.get(each) === resolve(source))) continue;
    const out = candidates.find((each) => !planned.has(each));
    if (out === undefined) throw new UsageError(source);
    planned.set(out, resolve(source));
    const [from, to] = await Promise.all([stat(source), stat(out).catch(() => undefined)]);
    items.push({ source, out, bytes: from.size, isDone: to !== undefined && to.mtimeMs >= from.mtimeMs });
  }
  return items;
}

/** The recordings at a path, each with its name below the folder of results; in order of their names. */
async function findSources(path: string, outFolder: string): Promise<{ source: string; name: string }[]> {
  const info = await stat(path).catch(() => undefined);
  if (!info) throw new InputError('not-found');
  if (!info.isDirectory()) return [{ source: path, name: basename(path) }];
  const isBelowOut = (file: string) => !relative(resolve(outFolder), resolve(file)).startsWith('..');
  const isOutBelow = !isBelowOut(path);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && recordingName.test(entry.name) && !resultName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !(isOutBelow && isBelowOut(file)))
    .map((file) => ({ source: file, name: relative(path, file).split(sep).join('/') }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
