import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { outputFormats } from '#core/audio/encode.ts';
import { missingBrowser, patience, projectRoot } from '../browser/harness.ts';
import { type AudioTask, runTask } from './task.ts';

const fixtures = join(projectRoot, 'core/audio/fixtures');
const files = readdirSync(fixtures).filter((file) => !file.endsWith('.ts'));
let bundle: string;
let server: ReturnType<typeof Bun.serve>;
let base: string;

beforeAll(async () => {
  bundle = await mkdtemp(join(tmpdir(), 'giong-audio-'));
  server = Bun.serve({
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/') return new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } });
      for (const folder of [bundle, fixtures, join(projectRoot, 'wasm/build')]) {
        const file = Bun.file(join(folder, pathname));
        if (await file.exists()) return new Response(file);
      }
      return new Response(null, { status: 404 });
    },
  });
  base = server.url.href;
});

afterAll(async () => {
  await server.stop(true);
  await rm(bundle, { recursive: true });
});

/** All that is done with sound: every input format, every output format, noise reduction. */
function tasks(): AudioTask[] {
  const decoding = files.map((file) => ({ base, file, step: 'nothing' as const }));
  const changing = [...outputFormats, 'denoise' as const].map((step) => ({ base, file: 'lossless.flac', step }));
  return [...decoding, ...changing];
}

type Run = (task: AudioTask) => Promise<Uint8Array>;

/** Every task gives the bytes that it gives in this thread; sound that went through a float transform may differ by −100 dB. */
async function expectSameAsHere(run: Run): Promise<void> {
  for (const task of tasks()) {
    const [there, here] = [await run(task), await runTask(task)];
    const name = `${task.file} → ${task.step}`;
    expect({ name, bytes: there.length }).toEqual({ name, bytes: here.length });
    const isFile = task.step !== 'nothing' && task.step !== 'denoise';
    if (isFile) expect({ name, same: Buffer.compare(there, here) === 0 }).toEqual({ name, same: true });
    else expect({ name, difference: largestDifference(there, here) < 1e-5 }).toEqual({ name, difference: true });
  }
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  const [x, y] = [new Float32Array(a.slice().buffer), new Float32Array(b.slice().buffer)];
  return x.reduce((largest, sample, i) => Math.max(largest, Math.abs(sample - (y[i] ?? 0))), 0);
}

test(
  'a Bun worker decodes, encodes and denoises as the main thread does',
  async () => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url));
    const run: Run = (task) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data.error ? reject(new Error(data.error)) : resolve(data.result));
        worker.postMessage(task);
      });
    await expectSameAsHere(run);
    worker.terminate();
  },
  patience,
);

describe.skipIf(missingBrowser !== undefined)('in a browser', () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    await build({
      root: import.meta.dir,
      configFile: false,
      logLevel: 'error',
      plugins: [
        { name: 'without-node', enforce: 'pre', resolveId: (id) => (id === 'module' ? { id, external: true } : null) },
      ],
      build: {
        outDir: bundle,
        emptyOutDir: false,
        assetsInlineLimit: 0,
        rolldownOptions: {
          input: { worker: join(import.meta.dir, 'worker.ts') },
          output: { entryFileNames: '[name].js' },
        },
      },
    });
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
    page = await browser.newPage();
    await page.goto(base);
  }, patience);

  afterAll(() => browser?.close());

  test(
    'a worker decodes, encodes and denoises as Bun does',
    async () => {
      const run: Run = async (task) => {
        const { error, base64 } = await page.evaluate(async (asked) => {
          const worker = new Worker('/worker.js', { type: 'module' });
          const answer = await new Promise<{ result?: Uint8Array<ArrayBuffer>; error?: string }>((resolve) => {
            worker.onmessage = ({ data }) => resolve(data);
            worker.onerror = ({ message }) => resolve({ error: message });
            worker.postMessage(asked);
          });
          worker.terminate();
          const parts: string[] = [];
          for (const byte of answer.result ?? []) parts.push(String.fromCharCode(byte));
          return { error: answer.error, base64: btoa(parts.join('')) };
        }, task);
        if (error) throw new Error(`${task.file} → ${task.step}: ${error}`);
        return new Uint8Array(Buffer.from(base64, 'base64'));
      };
      await expectSameAsHere(run);
    },
    patience,
  );
});
