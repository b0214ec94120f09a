import { describe, expect, test } from 'bun:test';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import type { ServerProcess } from '../server/server-process.ts';
import { Visitor } from '../server/visitor.ts';

const root = join(import.meta.dir, '../..');

/** What git would put into a clone of the working tree as it is now, in a folder with empty package caches. */
async function freshClone() {
  const folder = await mkdtemp(join(tmpdir(), 'giong-clone-'));
  const clone = join(folder, 'giong');
  const listed = Bun.spawnSync(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  for (const file of listed.stdout.toString().split('\0')) {
    // A file that git still lists may be deleted in the working tree.
    if (file && (await Bun.file(join(root, file)).exists())) await cp(join(root, file), join(clone, file));
  }
  const env = {
    ...process.env,
    // Only what any machine with Node.js has: the Bun that runs this test must not be found.
    PATH: (process.env.PATH ?? '')
      .split(':')
      .filter((path) => path !== dirname(process.execPath) && !path.includes('node_modules'))
      .join(':'),
    npm_config_cache: join(folder, 'npm-cache'),
    BUN_INSTALL_CACHE_DIR: join(folder, 'bun-cache'),
    INIT_CWD: undefined,
  };
  return { clone, env, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Resolves with the first match in what a process prints; rejects with all of it when the process ends before. */
async function firstMatch(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<string> {
  let printed = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    printed += decoder.decode(chunk, { stream: true });
    const found = pattern.exec(printed)?.[0];
    if (found) return found;
  }
  throw new Error(`ended without ${pattern}: ${printed}`);
}

describe('on a machine with only Node.js and npm', () => {
  test('npm start installs, builds and serves a page that converts a sample at once; npm run giong works beside it', async () => {
    await using fresh = await freshClone();
    const { clone: cwd, env } = fresh;
    const child = Bun.spawn(
      ['npm', 'start', '--', '--port', '0', '--host', '127.0.0.1', '--data', join(cwd, 'data'), '--workers', '1'],
      // A group of its own, so that npm, its shell and the server can be stopped together, as Ctrl-C does.
      { cwd, env, stdout: 'ignore', stderr: 'pipe', detached: true },
    );
    try {
      const url = await firstMatch(child.stderr, /http:\/\/127\.0\.0\.1:\d+/);
      const page = await (await fetch(url)).text();
      expect(page).toContain('<html lang="vi"');
      const script = /src="([^"]+\.js)"/.exec(page)?.[1] ?? '';
      expect((await fetch(new URL(script, url))).status).toBe(200);

      const visitor = new Visitor({ url } as ServerProcess);
      await visitor.fetch('/api/session');
      using news = await visitor.listen();
      const { id } = await visitor.convert({ source: 'sample-english', voice: 'sample-1688' });
      expect(await news.ended(id)).toMatchObject({ status: 'done', error: null });
      const result = await decodeAudio(await (await visitor.fetch(`/api/jobs/${id}/result`)).bytes());
      expect(result.info.seconds).toBeCloseTo(9.29, 2);

      const version = Bun.spawnSync(['npm', 'run', '--silent', 'giong', '--', '--version'], { cwd, env });
      expect(version.stdout.toString()).toMatch(/^\d+\.\d+\.\d+\n$/);
      expect(version.exitCode).toBe(0);
    } finally {
      process.kill(-child.pid, 'SIGINT');
      await child.exited;
    }
  }, 300_000);
});
