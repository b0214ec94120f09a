import { join } from 'node:path';
import { type Figures, figureNames } from './figures.ts';
import type { Pair } from './pairs.ts';

/** A conversion that exists as a file and is to be judged. */
export interface Conversion extends Pair {
  readonly system: string;
  readonly output: string;
}

export interface ScoredConversion extends Conversion {
  readonly figures: Figures;
}

interface Options {
  readonly python: string;
  /** Wheel or folder of CAM++; undefined leaves it to the scorer, which downloads it. */
  readonly campplus: string | undefined;
  /** Where the list of conversions for the scorer is written. */
  readonly listFile: string;
}

/** Scores conversions with `score.py`, in order, as each is done. Throws an `Error` when the scorer fails. */
export async function* score(
  conversions: readonly Conversion[],
  { python, campplus, listFile }: Options,
): AsyncGenerator<ScoredConversion> {
  const lines = conversions.map((row) => [row.source, row.reference, row.output, row.language].join(','));
  await Bun.write(listFile, ['source,reference,output,lang', ...lines, ''].join('\n'));

  const arguments_ = campplus === undefined ? [] : ['--campplus', campplus];
  const child = Bun.spawn([python, join(import.meta.dir, 'score.py'), listFile, ...arguments_], {
    stdout: 'pipe',
    stderr: 'inherit',
  });
  let row = 0;
  for await (const line of linesOf(child.stdout)) {
    const conversion = conversions[row++];
    if (conversion) yield { ...conversion, figures: parseFigures(line) };
  }
  const code = await child.exited;
  if (code !== 0 || row !== conversions.length) {
    throw new Error(`the scorer ended with ${code} after ${row} of ${conversions.length} conversions`);
  }
}

function parseFigures(line: string): Figures {
  const values = JSON.parse(line) as Record<string, unknown>;
  const known = figureNames.filter((name) => typeof values[name] === 'number');
  return Object.fromEntries(known.map((name) => [name, values[name]]));
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  if (rest !== '') yield rest;
}
