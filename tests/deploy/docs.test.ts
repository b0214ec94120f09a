import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServerProcess, startServerProcess } from '../server/server-process.ts';
import { makeProxyCertificate } from '../services/certificate.ts';
import { isInstalled, needs, type Program } from '../services/programs.ts';
import { removeFolder, temporaryFolder } from '../services/service.ts';

const root = join(import.meta.dir, '..', '..');
const programs: readonly Program[] = ['haproxy', 'openssl', 'systemd-analyze', 'promtool'];

/** Commands of a page: blocks in `sh`, with what the comment before says that they need. */
function blocksOf(text: string): { readonly needs: string | undefined; readonly lines: readonly string[] }[] {
  return [...text.matchAll(/(?:<!-- needs: ([^\n]+?) -->\n+)?```sh\n([\s\S]*?)```/g)].map(([, need, block = '']) => ({
    needs: need,
    lines: block.trim().split('\n'),
  }));
}

const read = (name: string) => readFile(join(root, 'docs', name), 'utf8');

test('both languages have the same commands, headings and alerts', async () => {
  const [vi, en] = await Promise.all([read('vi/trien-khai.md'), read('en/deployment.md')]);
  expect(blocksOf(vi).map(({ lines }) => lines)).toEqual(blocksOf(en).map(({ lines }) => lines));
  expect(blocksOf(vi).map((block) => block.needs === undefined)).toEqual(
    blocksOf(en).map((block) => block.needs === undefined),
  );
  const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;
  for (const pattern of [/^## /gm, /^- \[ \] /gm, /<a id="/g, /^\| /gm, /`Giong[A-Z]\w+`/g]) {
    expect(count(vi, pattern)).toBe(count(en, pattern));
  }
});

describe.skipIf(!programs.every(isInstalled))(`docs/en/deployment.md${programs.map(needs).join('')}`, () => {
  let folder: string;
  let certificate: Awaited<ReturnType<typeof makeProxyCertificate>>;
  let server: ServerProcess;
  beforeAll(async () => {
    folder = await temporaryFolder('docs');
    certificate = await makeProxyCertificate();
    await mkdir(join(folder, 'bin'));
    // `npm run giong` without npm's own seconds.
    const npm = `#!/bin/sh\nshift 3\nexec "${process.execPath}" "${join(root, 'server/cli/main.ts')}" "$@"\n`;
    await writeFile(join(folder, 'bin', 'npm'), npm, { mode: 0o755 });
    server = await startServerProcess(join(folder, 'data'), {});
  });
  afterAll(async () => {
    await server?.stop();
    await removeFolder(folder);
    await removeFolder(certificate.folder);
  });

  test('every command that can run here does', async () => {
    const runnable = blocksOf(await read('en/deployment.md')).filter((block) => block.needs === undefined);
    const commands = runnable.flatMap(({ lines }) => lines);
    expect(commands.length).toBeGreaterThan(12);
    for (const command of commands) {
      const here = command
        .replaceAll('http://localhost:8080', server.url)
        .replaceAll('/tmp/giong-docs', join(folder, 'docs'))
        .replaceAll('GIONG_DATA=data', `GIONG_DATA=${join(folder, 'data')}`);
      const isDoctor = command.includes(' doctor');
      const child = Bun.spawn(['bash', '-c', here], {
        cwd: root,
        env: {
          ...process.env,
          PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
          GIONG_BUN: process.execPath,
          GIONG_CERTIFICATE: certificate.file,
          GIONG_DATA: join(folder, 'doctor'),
          PORT: isDoctor ? '0' : new URL(server.url).port,
        },
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const [output, errors] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
      ]);
      const exitCode = await child.exited;
      expect({ command, exitCode, errors: exitCode === 0 ? '' : output + errors }).toEqual({
        command,
        exitCode: 0,
        errors: '',
      });
    }
  }, 60_000);
});
