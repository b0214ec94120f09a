import { afterAll, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPairs } from './pairs.ts';

const folder = mkdtempSync(join(tmpdir(), 'giong-pairs-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function csv(text: string): Promise<string> {
  const file = join(folder, 'pairs.csv');
  await Bun.write(file, text);
  return file;
}

test('every file of the committed pairs is there', async () => {
  const pairs = await readPairs(join(import.meta.dir, 'pairs.csv'));
  expect(pairs.length).toBeGreaterThan(0);
  for (const { source, reference } of pairs) {
    expect(existsSync(source)).toBe(true);
    expect(existsSync(reference)).toBe(true);
  }
});

test('paths start at the file’s folder, columns come in any order, English is the default', async () => {
  const file = await csv('lang,reference,source\nvi,../b.wav,/a.wav\n,b.wav,c.wav\n\n');
  expect(await readPairs(file)).toEqual([
    { source: '/a.wav', reference: join(folder, '../b.wav'), language: 'vi' },
    { source: join(folder, 'c.wav'), reference: join(folder, 'b.wav'), language: 'en' },
  ]);
});

test('a missing column or field is named', async () => {
  expect(readPairs(await csv('source,lang\na.wav,en\n'))).rejects.toThrow('no column "reference"');
  expect(readPairs(await csv('source,reference\na.wav\n'))).rejects.toThrow('row 1: no reference');
});
