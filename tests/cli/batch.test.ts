import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { readdir, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { sampleFile, tone, wavOf } from '../server/sounds.ts';
import { until } from '../services/until.ts';
import { type CommandLine, openCommandLine } from './run.ts';

interface Report {
  readonly done: readonly { source: string; out: string; seconds: number }[];
  readonly skipped: readonly { source: string; out: string }[];
  readonly failed: readonly { source: string; error: { code: string } }[];
}

let cli: CommandLine;
beforeAll(async () => {
  cli = await openCommandLine();
  const put = (name: string, content: Blob | Uint8Array<ArrayBuffer>) => Bun.write(join(cli.folder, name), content);
  await put('in/Một.flac', sampleFile('recordings/vietnamese.flac'));
  await put('in/sub/hai.flac', sampleFile('recordings/vietnamese.flac'));
  await put('in/sub/hai.wav', wavOf(tone(2)));
  await put('in/notes.txt', new TextEncoder().encode('not a recording'));
  await put('broken/text.wav', new TextEncoder().encode('this is no sound'));
  await put('broken/good.wav', wavOf(tone(2)));
  for (const folder of ['a', 'b']) await put(`same/${folder}/good.wav`, wavOf(tone(2)));
  for (const index of [1, 2, 3, 4]) await put(`long/${index}.wav`, wavOf(tone(300)));
});
afterAll(() => cli[Symbol.asyncDispose]());

const batch = (...args: string[]) => cli.json<Report>(['batch', '--voice', 'sample-3080', ...args]);
const results = async (folder: string) =>
  (await readdir(join(cli.folder, folder), { recursive: true })).filter((name) => !name.startsWith('.')).toSorted();

describe('giong batch', () => {
  test('converts a folder, keeping its shape, several files at a time', async () => {
    const report = await batch('in', '--out-dir', 'out', '--jobs', '2', '--format', 'flac', '--rate', '24000');
    expect(report).toMatchObject({ skipped: [], failed: [] });
    expect(report.done.map(({ source }) => source).toSorted()).toEqual([
      'in/Một.flac',
      'in/sub/hai.flac',
      'in/sub/hai.wav',
    ]);
    expect(await results('out')).toEqual(['Một.giong.flac', 'sub', 'sub/hai.giong.flac', 'sub/hai.wav.giong.flac']);
    for (const { out, seconds } of report.done) {
      const { info } = await decodeAudio(await Bun.file(join(cli.folder, out)).bytes());
      expect(info).toMatchObject({ format: 'flac', sampleRate: 24000 });
      expect(info.seconds).toBeCloseTo(seconds, 1);
    }
  });

  test('does again only what changed, unless it is forced to', async () => {
    const args = ['same', '--out-dir', 'again', '--jobs', '2'];
    expect((await batch(...args)).done.length).toBe(2);
    const second = await batch(...args);
    expect([second.done.length, second.skipped.length]).toEqual([0, 2]);
    const future = new Date(Date.now() + 60_000);
    await utimes(join(cli.folder, 'same/a/good.wav'), future, future);
    await rm(join(cli.folder, 'again/b/good.giong.wav'));
    expect((await batch(...args)).done.length).toBe(2);
    expect((await batch(...args, '--force')).done.length).toBe(2);
  });

  test('another voice or another option makes another result, as does another file of the same name', async () => {
    const args = ['in/sub/hai.wav', '--out-dir', 'other'];
    const count = async (...more: string[]) => (await batch(...args, ...more)).done.length;
    expect([await count(), await count()]).toEqual([1, 0]);
    expect(await count('--strength', '0.5')).toBe(1);
    const report = await cli.json<Report>(['batch', ...args, '--voice', 'sample-1688', '--strength', '0.5']);
    expect(report.done.length).toBe(1);
    await Bun.write(join(cli.folder, 'elsewhere/hai.wav'), wavOf(tone(1)));
    expect((await batch('elsewhere/hai.wav', '--out-dir', 'other')).done.length).toBe(1);
  });

  test('never takes its own results for sources', async () => {
    const first = await batch('broken/good.wav', '--out-dir', 'broken');
    expect(first.done.map(({ out }) => out)).toEqual(['broken/good.giong.wav']);
    const { out } = await cli.run([
      'batch',
      'broken',
      '--out-dir',
      'broken/results',
      '--voice',
      'sample-3080',
      '--json',
    ]);
    await rm(join(cli.folder, 'broken/good.giong.wav'));
    const report: Report = JSON.parse(out);
    expect(report.done.map(({ source }) => source)).toEqual(['broken/good.wav']);
    await cli.run(['batch', 'broken', '--out-dir', 'broken/results', '--voice', 'sample-3080', '--force']);
    expect(await results('broken/results')).toEqual(['good.giong.wav']);
    await rm(join(cli.folder, 'broken/results'), { recursive: true });
  });

  test('a file that fails stops no other: exit code 1, and it is named', async () => {
    const args = ['batch', 'broken', '--out-dir', 'partly', '--voice', 'sample-3080'];
    const { out, code } = await cli.run([...args, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      done: [{ source: 'broken/good.wav' }],
      failed: [{ source: 'broken/text.wav', error: { code: 'audio-format-unknown' } }],
    });
    expect(await results('partly')).toEqual(['good.giong.wav']);
    const told = await cli.run(args);
    expect(told.code).toBe(1);
    expect(told.out).toStartWith('0 converted · 1 there already · 1 failed');
    expect(told.err).toStartWith('giong: broken/text.wav: This file is in no format');
  });

  test('takes a voice of one’s own', async () => {
    await cli.json(['voices', 'create', 'Mẹ', 'sample-3080', '--consent']);
    await cli.json(['batch', 'same/a', '--voice', 'Mẹ', '--out-dir', 'own']);
    const [own, other] = await Promise.all(
      ['own/good.giong.wav', 'again/a/good.giong.wav'].map((path) => Bun.file(join(cli.folder, path)).bytes()),
    );
    expect(own).toEqual(other);
  });

  test('an interrupt ends it with 130, keeping only what is whole', async () => {
    const child = cli.start([
      'batch',
      'in/Một.flac',
      'long',
      '--out-dir',
      'cut',
      '--voice',
      'sample-3080',
      '--jobs',
      '1',
    ]);
    await until('the first is done', () => existsSync(join(cli.folder, 'cut', 'Một.giong.wav')));
    child.kill('SIGINT');
    expect(await child.exited).toBe(130);
    expect((await results('cut')).every((name) => name.endsWith('.giong.wav'))).toBe(true);
    expect((await results('cut')).length).toBeLessThan(5);
  });

  test.each([
    ['no folder for the results', ['in', '--voice', 'sample-3080'], 2, '--out-dir'],
    ['no voice', ['in', '--out-dir', 'x'], 2, '--voice'],
    ['too many at a time', ['in', '--out-dir', 'x', '--voice', 'sample-3080', '--jobs', '1000'], 2, '--jobs'],
    ['a source that does not exist', ['none', '--out-dir', 'x', '--voice', 'sample-3080'], 1, 'none'],
    ['a voice that does not exist', ['in', '--out-dir', 'x', '--voice', 'none'], 1, 'none'],
    [
      'sources for one result',
      ['broken/good.wav', 'same/a/good.wav', 'same/b/good.wav', '--out-dir', 'x', '--voice', 'sample-3080'],
      2,
      'same/b/good.wav',
    ],
    [
      'a file in the place of the folder',
      ['in', '--out-dir', 'in/notes.txt', '--voice', 'sample-3080'],
      2,
      '--out-dir',
    ],
  ])('%s: exit code says so, and nothing is written', async (_, args, code, part) => {
    const result = await cli.run(['batch', ...args]);
    expect(result).toMatchObject({ code, err: expect.stringContaining(part) });
    expect(existsSync(join(cli.folder, 'x'))).toBe(false);
  });
});
