import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVoice } from '#core/voice/serialize.ts';
import { sampleFile } from '../server/sounds.ts';
import { type CommandLine, openCommandLine } from './run.ts';

interface VoiceLine {
  readonly id: string;
  readonly name: string;
  readonly sample: boolean;
  readonly speechSeconds: number;
}

let cli: CommandLine;
let mother: VoiceLine;
beforeAll(async () => {
  cli = await openCommandLine();
  for (const id of ['1688', '3080']) await Bun.write(join(cli.folder, `${id}.flac`), sampleFile(`voices/${id}.flac`));
  await Bun.write(join(cli.folder, 'text.wav'), 'this is no sound');
  mother = await cli.json<VoiceLine>(['voices', 'create', 'Mẹ', '3080.flac', '--consent']);
});
afterAll(() => cli[Symbol.asyncDispose]());

const list = async () => (await cli.json<{ voices: VoiceLine[] }>(['voices'])).voices;
const names = async () => (await list()).filter(({ sample }) => !sample).map(({ name }) => name);

describe('giong voices', () => {
  test('create keeps a voice, which is listed after the samples', async () => {
    expect(mother).toMatchObject({ name: 'Mẹ', engines: ['mini'] });
    expect(mother.id).toMatch(/^v_/);
    expect(mother.speechSeconds).toBeGreaterThan(1);
    expect((await list()).at(-1)).toMatchObject({ id: mother.id, sample: false });
    const { out } = await cli.run(['voices', 'list']);
    expect(out).toContain('sample-1688');
    expect(out).toContain(`${mother.id} Mẹ`);
  });

  test('a voice of several recordings has the speech of all of them', async () => {
    const { speechSeconds } = await cli.json<VoiceLine>([
      'voices',
      'create',
      'Hai',
      '3080.flac',
      '1688.flac',
      '--consent',
    ]);
    expect(speechSeconds).toBeGreaterThan(mother.speechSeconds + 1);
    await cli.json(['voices', 'delete', 'Hai']);
    expect(await names()).toEqual(['Mẹ']);
  });

  test.each([
    ['without consent', ['create', 'X', '3080.flac'], 'consent-missing'],
    ['of text', ['create', 'X', 'text.wav', '--consent'], 'audio-format-unknown'],
    ['of nothing', ['create', 'X', 'none.wav', '--consent'], 'not-found'],
    ['without a name', ['create', ' ', '3080.flac', '--consent'], 'option-invalid'],
    [
      'of two people where one is asked for',
      ['create', 'X', '3080.flac', '1688.flac', '--consent', '--similarity-threshold', '0.5'],
      'references-differ',
    ],
    [
      'with a threshold that is none',
      ['create', 'X', '3080.flac', '--consent', '--similarity-threshold', '2'],
      'option-invalid',
    ],
    ['from a file that is none', ['import', '3080.flac', '--consent'], 'voice-corrupt'],
    ['from elsewhere without consent', ['import', '3080.flac'], 'consent-missing'],
    ['that does not exist, exported', ['export', 'X'], 'not-found'],
    ['that does not exist, renamed', ['rename', 'X', 'Y'], 'not-found'],
    ['that does not exist, deleted', ['delete', '../data/voices'], 'not-found'],
  ])('a voice %s is refused', async (_, args, code) => {
    const { out, code: exitCode } = await cli.run(['voices', ...args, '--json']);
    expect(exitCode).toBe(code === 'option-invalid' ? 2 : 1);
    expect(JSON.parse(out).error.code).toBe(code);
    expect(await names()).toEqual(['Mẹ']);
  });

  test('what is exported is imported elsewhere, and sounds the same', async () => {
    expect(await cli.json<object>(['voices', 'export', 'Mẹ'])).toEqual({ id: mother.id, out: 'Mẹ.giong-voice' });
    const file = join(cli.folder, 'Mẹ.giong-voice');
    expect(parseVoice(await Bun.file(file).bytes()).speechSeconds).toBe(mother.speechSeconds);

    const elsewhere = join(cli.folder, 'elsewhere');
    const imported = await cli.json<VoiceLine>(['voices', 'import', file, '--consent', '--data', elsewhere]);
    expect(imported.name).toBe('Mẹ');
    expect((await readdir(join(elsewhere, 'voices'))).length).toBe(2);
    const convert = async (out: string, ...flags: string[]) => {
      await cli.json(['convert', 'sample-vietnamese', '--out', out, ...flags]);
      return Bun.file(join(cli.folder, out)).bytes();
    };
    const own = await convert('own.wav', '--voice', mother.id);
    expect(await convert('file.wav', '--voice', 'Mẹ.giong-voice')).toEqual(own);
    expect(await convert('imported.wav', '--voice', imported.id, '--data', elsewhere)).toEqual(own);
    expect(await convert('recording.wav', '--voice', '3080.flac')).toEqual(own);
    expect(await convert('man.wav', '--voice', 'sample-1688')).not.toEqual(own);
  });

  test('rename and delete', async () => {
    const { id } = await cli.json<VoiceLine>([
      'voices',
      'import',
      join(cli.folder, 'Mẹ.giong-voice'),
      '--name',
      'A',
      '--consent',
    ]);
    expect(await cli.json<object>(['voices', 'rename', 'A', 'Bà'])).toMatchObject({ id, name: 'Bà' });
    expect((await names()).toSorted()).toEqual(['Bà', 'Mẹ']);
    expect((await cli.run(['voices', 'delete', id])).out).toStartWith('Deleted');
    expect(await names()).toEqual(['Mẹ']);
    expect((await readdir(join(cli.folder, 'data', 'voices'))).length).toBe(2);
  });

  test('a damaged voice file says so, and a voice goes with no second --voice', async () => {
    const bytes = await Bun.file(join(cli.folder, 'Mẹ.giong-voice')).bytes();
    bytes[1000] = (bytes[1000] ?? 0) ^ 1;
    await Bun.write(join(cli.folder, 'damaged.giong-voice'), bytes);
    const damaged = await cli.run(['convert', 'sample-vietnamese', '--voice', 'damaged.giong-voice', '--json']);
    expect(damaged.code).toBe(1);
    expect(JSON.parse(damaged.out).error).toMatchObject({ code: 'voice-corrupt', subject: 'damaged.giong-voice' });
    const two = await cli.run(['convert', 'sample-vietnamese', '--voice', mother.id, '--voice', '1688.flac']);
    expect(two).toMatchObject({ code: 2, err: expect.stringContaining('--voice') });
  });

  test('without a data folder, voices are kept with the user’s other data', async () => {
    const home = join(cli.folder, 'home');
    await mkdir(home);
    const file = join(cli.folder, 'Mẹ.giong-voice');
    await cli.json(['voices', 'import', file, '--consent'], { GIONG_DATA: '', XDG_DATA_HOME: home });
    expect((await readdir(join(home, 'giong', 'voices'))).length).toBe(2);
    await cli.json(['voices', 'import', file, '--consent'], { GIONG_DATA: '', XDG_DATA_HOME: '', HOME: home });
    expect(existsSync(join(home, '.local', 'share', 'giong', 'voices'))).toBe(true);
  });
});
