import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import { startPostgres } from '../services/postgres.ts';
import { isInstalled, needs } from '../services/programs.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';

const main = join(import.meta.dir, '..', '..', 'server', 'cli', 'main.ts');

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_WORKERS: '0' });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

async function keys(...args: string[]) {
  return keysIn({}, ...args);
}

async function keysIn(environment: Record<string, string>, ...args: string[]) {
  const child = Bun.spawn([process.execPath, main, 'keys', ...args, '--data', folder.path], {
    env: { ...process.env, LANG: 'vi_VN.UTF-8', ...environment },
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

async function statusWith(key: string): Promise<number> {
  return (await fetch(`${server.url}/api/jobs`, { headers: { Authorization: `Bearer ${key}` } })).status;
}

test('a key of the command line opens the running server until it is revoked', async () => {
  const made = await keys('create', 'Máy ghi âm', '--priority', 'paid', '--json');
  expect(made.code).toBe(0);
  const { id, key, workspace } = JSON.parse(made.out);
  expect(await statusWith(key)).toBe(200);
  const listed = JSON.parse((await keys('list', '--json')).out);
  expect(listed.keys).toEqual([
    {
      id,
      name: 'Máy ghi âm',
      workspace,
      priority: 'paid',
      ending: key.slice(-4),
      createdAt: expect.any(String),
      lastUsedAt: expect.any(String),
    },
  ]);

  const second = await keys('create', 'Khác', '--workspace', workspace);
  expect(second.out).toMatch(/^giong_[\w-]{43}\n$/);
  expect(second.err).toContain(workspace);
  const shown = await keys('list');
  expect(shown.out).toContain('chưa dùng');
  expect(shown.out).not.toContain(key);

  expect((await keys('revoke', id)).code).toBe(0);
  expect(await statusWith(key)).toBe(401);
  expect(await statusWith(second.out.trim())).toBe(200);
  expect((await keys('revoke', id)).code).toBe(1);
});

test('what makes no sense is a wrong use', async () => {
  for (const wrong of [
    ['--priority', 'admin'],
    ['--workspace', '../w'],
  ]) {
    expect({ wrong, code: (await keys('create', 'x', ...wrong)).code }).toEqual({ wrong, code: 2 });
  }
  expect((await keys('create', ' ')).code).toBe(2);
});

test.skipIf(!isInstalled('postgres'))(
  `keys stand where DATABASE_URL says${needs('postgres')}`,
  async () => {
    const postgres = await startPostgres();
    try {
      const environment = { DATABASE_URL: await postgres.createDatabase() };
      const { key, id } = JSON.parse((await keysIn(environment, 'create', 'x', '--json')).out);
      expect(JSON.parse((await keysIn(environment, 'list', '--json')).out).keys).toMatchObject([{ id }]);
      expect(await statusWith(key)).toBe(401);
      expect((await keysIn(environment, 'revoke', id)).code).toBe(0);
    } finally {
      await postgres.stop();
    }
  },
  60_000,
);
