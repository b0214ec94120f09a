import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { hum, sampleFile, tone, wavOf } from './sounds.ts';

const main = join(import.meta.dir, '..', '..', 'server', 'cli', 'main.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giong-cli-'));
  await Bun.write(join(folder, 'Câu nói.flac'), sampleFile('recordings/english.flac'));
  await Bun.write(join(folder, 'text.wav'), 'this is no sound');
  await Bun.write(join(folder, 'empty.wav'), '');
  await Bun.write(join(folder, 'hum.wav'), wavOf(hum(2)));
  await Bun.write(join(folder, 'long.wav'), wavOf(tone(300)));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs the command line in the test's folder, as a Vietnamese user unless the environment says otherwise. */
async function giong(args: readonly string[], environment: Record<string, string> = {}) {
  const child = Bun.spawn([process.execPath, main, ...args], {
    cwd: folder,
    env: { ...process.env, LC_ALL: '', LC_MESSAGES: '', LANG: 'vi_VN.UTF-8', ...environment },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { out, err, code };
}

async function decodeFile(name: string) {
  return decodeAudio(await Bun.file(join(folder, name)).bytes());
}

describe('giong convert', () => {
  test('writes the result beside where it was called, and says so', async () => {
    const { out, err, code } = await giong(['convert', 'Câu nói.flac', '--voice', 'sample-2033']);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    expect(out).toContain('Đã ghi Câu nói.giong.wav');
    const { info } = await decodeFile('Câu nói.giong.wav');
    expect(info).toMatchObject({ format: 'wav', sampleRate: 16000 });
    expect(info.seconds).toBeCloseTo(9.29, 2);
  });

  test('--json prints one object; the format follows the name; options and several voices are taken', async () => {
    const { out, err, code } = await giong(
      [
        'convert',
        '--voice',
        'sample-3080',
        '--voice',
        'sample-3331',
        'sample-vietnamese',
        '--out',
        'b.flac',
        '--json',
      ].concat([
        '--strength',
        '0.8',
        '--pitch',
        '-2',
        '--formant=1',
        '--rate',
        '24000',
        '--seed',
        '5',
        '--noise-reduction',
      ]),
    );
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const report = JSON.parse(out);
    expect(report).toMatchObject({ out: 'b.flac', engine: 'mini', format: 'flac', sampleRate: 24000 });
    expect(report.sourceSeconds).toBeCloseTo(6.0, 1);
    expect(report.seconds).toBeCloseTo(report.sourceSeconds, 1);
    expect(report.rtf).toBeGreaterThan(0);
    expect(report.similarity).toBeNull();
    expect((await decodeFile('b.flac')).info).toMatchObject({ format: 'flac', sampleRate: 24000 });
  });

  test('--similarity tells how similar the result is to the voice, be it a recording or a saved one', async () => {
    const out = ['--out', 'c.wav', '--similarity'];
    const printed = await giong(['convert', 'Câu nói.flac', '--voice', 'sample-3080', ...out]);
    expect({ err: printed.err, code: printed.code }).toEqual({ err: '', code: 0 });
    expect(printed.out).toMatch(/^Độ giống giọng: 0\.\d\d$/m);

    expect((await giong(['voices', 'create', 'Cô Tám', 'Câu nói.flac', '--consent', '--data', 'own'])).code).toBe(0);
    const saved = await giong(['convert', 'sample-3080', '--voice', 'Cô Tám', '--data', 'own', ...out, '--json']);
    expect(JSON.parse(saved.out).similarity).toBeGreaterThan(0.3);
  });

  test.each([
    ['a source that does not exist', ['none.wav', '--voice', 'sample-3080'], 'not-found', 'none.wav'],
    ['a source that is text', ['text.wav', '--voice', 'sample-3080'], 'audio-format-unknown', 'text.wav'],
    ['an empty source', ['empty.wav', '--voice', 'sample-3080'], 'audio-empty', 'empty.wav'],
    ['a voice that does not exist', ['Câu nói.flac', '--voice', 'sample-0'], 'not-found', 'sample-0'],
    ['a voice without speech', ['Câu nói.flac', '--voice', 'hum.wav'], 'reference-no-speech', 'hum.wav'],
  ])('%s: exit code 1, and a JSON error that names it', async (_, args, code, subject) => {
    const before = await readdir(folder);
    const result = await giong(['convert', ...args, '--json']);
    expect(result).toMatchObject({ code: 1, err: '' });
    const text = expect.stringMatching(/./);
    expect(JSON.parse(result.out)).toEqual({ error: { code, title: text, detail: text, subject } });
    expect(await readdir(folder)).toEqual(before);
  });

  test('a failure is told to people on standard error, in their language', async () => {
    const args = ['convert', 'none.wav', '--voice', 'sample-3080'];
    const [vietnamese, english] = await Promise.all([giong(args), giong(args, { LANG: 'en_GB.UTF-8' })]);
    expect(vietnamese).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^giong: none.wav: Không tìm thấy/),
    });
    expect(english).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^giong: none.wav: This was not found/),
    });
  });

  test('a folder that does not exist for the result is a mistake in the call, and leaves nothing', async () => {
    const { code, err } = await giong([
      'convert',
      'sample-vietnamese',
      '--voice',
      'sample-3080',
      '--out',
      'no/such/a.wav',
    ]);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('--out') });
    expect(await readdir(folder)).not.toContain('no');
  });

  test.skipIf(!Bun.which('script'))('an interrupt ends it soon, with exit code 130 and without a result', async () => {
    const child = Bun.spawn(
      ['script', '-qec', `"${process.execPath}" "${main}" convert long.wav --voice sample-3080`, '/dev/null'],
      {
        cwd: folder,
        env: { ...process.env, LANG: 'vi_VN.UTF-8' },
        stdin: 'pipe',
        stdout: 'pipe',
        stderr: 'ignore',
      },
    );
    let seen = '';
    let pressed = false;
    const decoder = new TextDecoder();
    for await (const chunk of child.stdout) {
      seen += decoder.decode(chunk, { stream: true });
      if (pressed || !/[1-9]\d? %/.test(seen)) continue;
      // The bar of a terminal has begun to move: now press Ctrl-C. `script` may wait for more input unless its own ends.
      pressed = true;
      child.stdin.write('\u0003');
      await child.stdin.end();
    }
    expect(await child.exited).toBe(130);
    expect(seen).toContain('Đang chuyển giọng');
    expect(await readdir(folder)).not.toContain('long.giong.wav');
  });
});

describe('a wrong call', () => {
  test.each([
    [['convert'], '--voice'],
    [['convert', '--voice', 'a.wav'], 'source'],
    [['convert', 'a.wav'], '--voice'],
    [['convert', 'a.wav', '--voice'], '--voice'],
    [['convert', 'a.wav', '--voice', 'b.wav', '--colour', 'red'], '--colour'],
    [['convert', 'a.wav', '--voice', 'b.wav', '--strength', '2'], 'strength'],
    [['convert', 'a.wav', '--voice', 'b.wav', '--strength', ''], 'strength'],
    [['convert', 'a.wav', '--voice', 'b.wav', '--pitch', 'high'], 'pitch'],
    [['convert', 'a.wav', '--voice', 'b.wav', '--format', 'wma'], '--format'],
    [['convert', 'a.wav', '--voice', 'b.wav', '--out', 'b.doc'], '--out'],
    [['convert', 'a.wav', '--voice', 'b.wav', '--language', 'fr'], '--language'],
    [['sing'], 'sing'],
    [['serve', '--port', 'http'], '--port'],
    [['serve', '--workers', '1000'], '--workers'],
  ])('%j: exit code 2, and names %s', async (args, field) => {
    const { code, err, out } = await giong(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toStartWith('giong: Tùy chọn “');
    expect(err).toContain(field);
  });

  test('is told as JSON to programs, and in English to those who ask', async () => {
    const { code, out } = await giong(['convert', 'a.wav', '--json', '--language', 'en']);
    expect(code).toBe(2);
    expect(JSON.parse(out).error).toMatchObject({ code: 'option-invalid', title: 'The option “--voice” is not valid' });
  });

  test('an unknown engine too', async () => {
    const { code, out } = await giong(['convert', 'Câu nói.flac', '--voice', 'sample-3080', '--engine', 'x', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out).error.code).toBe('engine-unknown');
  });

  test('of nothing at all shows the help', async () => {
    const { code, err } = await giong([]);
    expect(code).toBe(2);
    expect(err).toContain('Cách dùng: giong');
  });
});

describe('other commands', () => {
  test('--version and --help', async () => {
    const { version } = await Bun.file(join(import.meta.dir, '../../package.json')).json();
    expect(await giong(['--version'])).toEqual({ out: `${version}\n`, err: '', code: 0 });
    const help = await giong(['convert', '--help'], { LANG: 'en_US.UTF-8' });
    expect(help.code).toBe(0);
    expect(help.out).toContain('the id of a sample recording');
  });

  test('voices lists what --voice understands', async () => {
    const { voices } = JSON.parse((await giong(['voices', '--json'])).out);
    expect(voices).toContainEqual({ id: 'sample-1688', name: 'Giọng nam 1', language: 'en', sample: true });
    expect((await giong(['voices', '--language', 'en'])).out).toContain('sample-1688      Male voice 1');
  });
});
