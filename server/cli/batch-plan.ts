import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve, sep } from 'node:path';
import { InputError } from '#core/errors.ts';
import { about, UsageError } from './outcome.ts';

/** One file to convert. */
export interface BatchItem {
  readonly source: string;
  readonly out: string;
  /** The result's name below the folder of results. */
  readonly name: string;
  /** Bytes of the source: what it counts for in the progress. */
  readonly bytes: number;
  /** Changes when the source does. */
  readonly version: string;
}

/** Files of a folder that are taken for recordings, by their ending; a file that is named itself is taken whatever it is called. */
const recordingName = /\.(wav|mp3|flac|m4a|mp4|aac|ogg|oga|opus|webm)$/i;
/** Results of ours, which no batch converts again. */
const resultName = /\.giong\.\w+$/i;

/**
 * What there is to do for the paths of a command line: files, and folders with all recordings below. `b.wav` of a folder becomes
 * `b.giong.wav` below `outFolder`, `sub/b.wav` becomes `sub/b.giong.wav`. Throws `InputError('not-found')`, `UsageError` when two
 * files would have one result.
 */
export async function planBatch(paths: readonly string[], outFolder: string, format: string): Promise<BatchItem[]> {
  const found = (await Promise.all(paths.map((path) => about(path, findSources(path, outFolder))))).flat();
  const planned = new Map<string, string>();
  const items: BatchItem[] = [];
  for (const { source, name } of found) {
    const stem = name.slice(0, name.length - extname(name).length);
    // Two files of a folder may differ by their ending alone; the second keeps it.
    const candidates = [`${stem}.giong.${format}`, `${name}.giong.${format}`];
    const path = resolve(source);
    if (candidates.some((each) => planned.get(each) === path)) continue;
    const result = candidates.find((each) => !planned.has(each));
    if (result === undefined) throw new UsageError(source);
    planned.set(result, path);
    const { size, mtimeMs } = await stat(source);
    const version = JSON.stringify([path, size, mtimeMs]);
    items.push({ source, out: join(outFolder, result), name: result, bytes: size, version });
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
