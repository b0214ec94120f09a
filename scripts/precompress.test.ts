import { expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { precompress } from './precompress.ts';

test('a copy stands beside what shrinks, and beside nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'giong-precompress-'));
  const script = 'export const greeting = "xin chào";\n'.repeat(100);
  const noise = crypto.getRandomValues(new Uint8Array(4096));
  await Bun.write(join(folder, 'assets/long.js'), script);
  await Bun.write(join(folder, 'assets/short.js'), 'export {};');
  await Bun.write(join(folder, 'noise.onnx'), noise);
  await Bun.write(join(folder, 'sound.flac'), script);
  await precompress(folder);
  expect((await Array.fromAsync(new Bun.Glob('**/*').scan(folder))).sort()).toEqual([
    'assets/long.js',
    'assets/long.js.br',
    'assets/long.js.gz',
    'assets/short.js',
    'noise.onnx',
    'sound.flac',
  ]);
  const copy = (extension: string) => Bun.file(join(folder, `assets/long.js.${extension}`)).bytes();
  expect(brotliDecompressSync(await copy('br')).toString()).toBe(script);
  expect(gunzipSync(await copy('gz')).toString()).toBe(script);
  await rm(folder, { recursive: true });
});
