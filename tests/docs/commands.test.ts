import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type ServerProcess, startServerProcess } from '../server/server-process.ts';
import { makeProxyCertificate } from '../services/certificate.ts';
import { isInstalled, needs, type Program } from '../services/programs.ts';
import { removeFolder, temporaryFolder } from '../services/service.ts';
import { until } from '../services/until.ts';

const root = join(import.meta.dir, '..', '..');
const programs: readonly Program[] = ['haproxy', 'openssl', 'systemd-analyze', 'promtool', 'curl'];
/** The same page in both languages. */
const pairs = [
  ['docs/vi/bat-dau-nhanh.md', 'docs/en/quick-start.md'],
  ['docs/vi/huong-dan-su-dung.md', 'docs/en/user-guide.md'],
  ['docs/vi/trien-khai.md', 'docs/en/deployment.md'],
  ['docs/vi/cau-hinh.md', 'docs/en/configuration.md'],
  ['docs/vi/api.md', 'docs/en/api.md'],
] as const;
/** Its commands build on each other: `api.test.ts` runs them. */
const runElsewhere = 'docs/en/api.md';

interface Block {
  readonly lines: readonly string[];
  /** What the comment before it says that it needs, and a test machine lacks. */
  readonly needs: string | undefined;
  /** The test that the comment before it names. */
  readonly runBy: string | undefined;
}

const read = (page: string) => readFile(join(root, page), 'utf8');

/** The commands of a page. */
function blocksOf(text: string): Block[] {
  const blocks = /(?:<!-- (needs|run by): ([^\n]+?) -->\n+)?```sh\n([\s\S]*?)```/g;
  return [...text.matchAll(blocks)].map(([, what, said, block = '']) => ({
    lines: block.trim().split('\n'),
    needs: what === 'needs' ? said : undefined,
    runBy: what === 'run by' ? said : undefined,
  }));
}

/** As GitHub makes anchors of headings. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test('every page is there in both languages', async () => {
  const pages = await Promise.all(['vi', 'en'].map((language) => readdir(join(root, 'docs', language))));
  expect(pages.flat().filter((name) => name.endsWith('.md'))).toHaveLength(pairs.length * 2);
});

test.each(pairs)('%s and %s have the same commands, headings, pictures, tables and alerts', async (first, second) => {
  const [vi, en] = await Promise.all([read(first), read(second)]);
  expect(blocksOf(vi).map(({ lines }) => lines)).toEqual(blocksOf(en).map(({ lines }) => lines));
  const isMarked = (block: Block) => block.needs !== undefined;
  expect(blocksOf(vi).map(isMarked)).toEqual(blocksOf(en).map(isMarked));
  const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;
  for (const pattern of [/^##+ /gm, /^- \[ \] /gm, /<a id="/g, /^\| /gm, /^!\[/gm, /^\*\*/gm, /`Giong[A-Z]\w+`/g]) {
    expect({ pattern, count: count(vi, pattern) }).toEqual({ pattern, count: count(en, pattern) });
  }
});

test.each([...pairs.flat(), 'README.md', 'README.vi.md'])('links and pictures of %s lead somewhere', async (page) => {
  const text = await read(page);
  for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [file = '', anchor] = target.split('#');
    const path = file === '' ? page : join(dirname(page), file);
    const isThere = await Bun.file(join(root, path, ...(path.includes('.') ? [] : ['.']))).exists();
    if (path.includes('.')) expect({ target, isThere }).toEqual({ target, isThere: true });
    if (anchor) expect(anchorsOf(await read(path))).toContain(decodeURIComponent(anchor));
  }
});

test('the checklist names all that `giong doctor` looks at, and nothing else', async () => {
  const folder = join(root, 'server/observe/doctor');
  const sources = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  const code = (await Promise.all(sources.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
  const known = new Set([...code.matchAll(/\b(?:check|failed)\(\s*['`]([\w-]+:?)/g)].map(([, id]) => id));
  for (const page of ['docs/vi/trien-khai.md', 'docs/en/deployment.md']) {
    const items = [...(await read(page)).matchAll(/^- \[ \] ✓ (.*)$/gm)].map(([, item = '']) => item);
    const named = items.flatMap((item) => [...item.slice(item.lastIndexOf('(')).matchAll(/`([\w-]+:?)/g)]);
    expect(named.map(([, id]) => id).toSorted()).toEqual([...known].toSorted());
  }
});

describe.skipIf(!programs.every(isInstalled))(`commands of the docs${programs.map(needs).join('')}`, () => {
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
    await until('the server is ready', async () => (await fetch(`${server.url}/ready`)).ok);
  });
  afterAll(async () => {
    await server?.stop();
    await removeFolder(folder);
    await removeFolder(certificate.folder);
  });

  /** Runs a command as it stands, with this test's server and folders in the places of the reader's. */
  async function run(command: string) {
    const here = command
      .replaceAll('http://localhost:8080', server.url)
      .replaceAll('/tmp/giong-docs', join(folder, 'docs'))
      .replace(/--out (?!\/)/, `--out ${folder}/`)
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
    const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    const exitCode = await child.exited;
    return { command, exitCode, errors: exitCode === 0 ? '' : output + errors };
  }

  test('each that can run here does; the others say what they need, or which test runs them', async () => {
    const pages = ['README.md', 'README.vi.md', ...pairs.map(([, en]) => en)].filter((page) => page !== runElsewhere);
    const blocks = (await Promise.all(pages.map(async (page) => blocksOf(await read(page))))).flat();
    for (const { runBy } of blocks) if (runBy) expect(await Bun.file(join(root, runBy)).exists()).toBe(true);
    const runnable = blocks.filter((block) => block.needs === undefined && block.runBy === undefined);
    const commands = new Set(runnable.flatMap(({ lines }) => lines));
    expect(commands.size).toBeGreaterThan(16);
    for (const command of commands) expect(await run(command)).toEqual({ command, exitCode: 0, errors: '' });
  }, 60_000);
});
