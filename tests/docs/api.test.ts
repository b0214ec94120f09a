import { afterAll, beforeAll, expect, test } from 'bun:test';
import { chmod, copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import { makeDataFolder, noLimits, type ServerProcess, startServerProcess } from '../server/server-process.ts';
import { isInstalled, needs } from '../services/programs.ts';

const root = join(import.meta.dir, '..', '..');

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, noLimits);
});
afterAll(async () => {
  await server?.stop();
  await folder?.[Symbol.asyncDispose]();
});

/** The commands of a page, in its order. */
async function commandsOf(language: string): Promise<string[]> {
  const text = await Bun.file(join(root, 'docs', language, 'api.md')).text();
  return [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, commands]) => commands ?? '');
}

test('both languages show the same commands', async () => {
  expect(await commandsOf('vi')).toEqual(await commandsOf('en'));
});

test.skipIf(!isInstalled('curl'))(
  `the commands of the page on the API convert real recordings as they stand${needs('curl')}`,
  async () => {
    await using place = await makeDataFolder();
    await copyFile(join(root, 'samples/recordings/vietnamese.flac'), join(place.path, 'speech.flac'));
    const giong = join(place.path, 'giong');
    await Bun.write(
      giong,
      `#!/bin/sh\nexec ${process.execPath} ${join(root, 'server/cli/main.ts')} "$@" --data ${folder.path}\n`,
    );
    await chmod(giong, 0o755);
    const script = ['set -e', ...(await commandsOf('en'))].join('\n');
    const shell = Bun.spawn(['sh', '-c', script], {
      cwd: place.path,
      env: { ...process.env, PATH: `${place.path}:${process.env.PATH}`, GIONG: server.url },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [errors, code] = [await new Response(shell.stderr).text(), await shell.exited];
    expect({ errors, code }).toEqual({ errors: '', code: 0 });

    const { audio, info } = await decodeAudio(await Bun.file(join(place.path, 'converted.mp3')).bytes());
    const source = await decodeAudio(await Bun.file(join(place.path, 'speech.flac')).bytes());
    expect(info.format).toBe('mp3');
    const seconds = ({ samples, sampleRate }: typeof audio) => samples.length / sampleRate;
    expect(seconds(audio)).toBeCloseTo(seconds(source.audio), 1);
    expect(await Bun.file(join(place.path, 'narrator.giong-voice')).text()).not.toBe('');
    const archive = await Bun.file(join(place.path, 'results.zip')).bytes();
    expect([...archive.subarray(0, 4)]).toEqual([0x50, 0x4b, 3, 4]);
  },
  60_000,
);
