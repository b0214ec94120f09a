import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { freePort } from '../services/ports.ts';
import { makeDataFolder } from './server-process.ts';

const main = join(import.meta.dir, '..', '..', 'server', 'cli', 'main.ts');

/** Runs `giong doctor` in a shell whose limits are set first. */
async function doctor(args: readonly string[], environment: Record<string, string> = {}, limits = ':') {
  const child = Bun.spawn(['sh', '-c', `${limits}; exec "$@"`, 'sh', process.execPath, main, 'doctor', ...args], {
    env: { ...process.env, LANG: 'vi_VN.UTF-8', LC_ALL: '', PORT: String(freePort()), ...environment },
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

describe('giong doctor', () => {
  test('on a machine with all that is needed: exit code 0, all of it with a mark', async () => {
    await using folder = await makeDataFolder();
    const { out, err, code } = await doctor(['--data', folder.path]);
    expect({ err, code }).toEqual({ err: '', code: 0 });
    for (const part of ['✓ mini/encoder.onnx', '✓ WebAssembly SIMD: có', `✓ thư mục dữ liệu ${folder.path}`]) {
      expect(out).toContain(part);
    }
    expect(out).toEndWith(', 0 phải sửa\n');
  });

  test('says what is bad and how to mend it, in the language asked for, with exit code 1', async () => {
    await using folder = await makeDataFolder();
    const redis = `redis://127.0.0.1:${freePort()}`;
    const args = ['--data', join(folder.path, 'data'), '--language', 'en'];
    await Bun.write(join(folder.path, 'data'), 'a file where the folder is to be');
    const { out, err, code } = await doctor(args, { REDIS_URL: redis }, 'ulimit -n 512 && ulimit -t 300');
    expect({ err, code }).toEqual({ err: '', code: 1 });
    expect(out).toMatch(/✗ data folder \S+: cannot be written \(.+\)\n {2}→ Choose another folder/);
    expect(out).toMatch(/✗ Redis \S+: cannot be reached \(.+\)\n {2}→ See whether Redis runs/);
    expect(out).toMatch(/✗ files open at once: 512\n {2}→ Raise it/);
    expect(out).toMatch(/✗ CPU time: 300\n {2}→ /);
    expect(out).toEndWith(', 4 to be mended\n');
  });

  test('--json is one object, also when something is bad', async () => {
    await using folder = await makeDataFolder();
    const { out, err, code } = await doctor(['--data', folder.path, '--json'], {}, 'ulimit -n 512');
    expect({ err, code }).toEqual({ err: '', code: 1 });
    const { checks, files, simd, cores } = JSON.parse(out);
    expect({ simd, cores }).toEqual({ simd: true, cores: expect.any(Number) });
    const bytes = await Bun.file(join(import.meta.dir, '../../models/mini/encoder.onnx')).bytes();
    const encoder = files.find(({ name }: { name: string }) => name === 'mini/encoder.onnx');
    expect(encoder.sha256).toBe(new Bun.CryptoHasher('sha256').update(bytes).digest('hex'));
    const openFiles = checks.find(({ id }: { id: string }) => id === 'open-files');
    expect(openFiles).toEqual({
      id: 'open-files',
      state: 'bad',
      finding: expect.stringContaining('512'),
      advice: expect.stringMatching(/^Hãy/),
    });
  });
});
