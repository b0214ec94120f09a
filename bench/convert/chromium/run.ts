import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { onOneCore } from '../core-pinning.ts';
import type { BrowserTimings } from './worker.ts';

const candidates = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const arguments_ = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

/** Path of the machine's Chromium (`CHROMIUM` has precedence), undefined where there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM } = process.env;
  return CHROMIUM ?? candidates.map((name) => Bun.which(name)).find((path) => path !== null) ?? undefined;
}

/** Converts in headless Chromium on one core, as the web app does on a user's machine. Files are paths. */
export async function measureInChromium(
  browserPath: string,
  files: { readonly source: string; readonly reference: string },
  rounds: number,
): Promise<BrowserTimings> {
  const folder = await mkdtemp(join(tmpdir(), 'giong-bench-'));
  try {
    const site = join(folder, 'site');
    await buildPage(site);
    const executablePath = await pinned(browserPath, folder);
    await using server = serve(site, files);
    const browser = await chromium.launch({ executablePath, args: arguments_ });
    try {
      const page = await browser.newPage();
      await page.goto(server.url.href);
      return await page.evaluate((count) => window.measure(count), rounds);
    } finally {
      await browser.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The benchmark's page, built as the web app is. */
async function buildPage(outDir: string): Promise<void> {
  await build({
    root: import.meta.dir,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0, reportCompressedSize: false },
    worker: { format: 'es' },
  });
}

/** A script that starts the browser, with all its processes, on one core. */
async function pinned(browserPath: string, folder: string): Promise<string> {
  const path = join(folder, 'chromium');
  const command = [...onOneCore, browserPath].map((word) => `'${word}'`).join(' ');
  await writeFile(path, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  return path;
}

/** The built page and the recordings, with the headers under which the web app runs. */
function serve(site: string, files: { readonly source: string; readonly reference: string }): Bun.Server<undefined> {
  const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };
  return Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/source') return new Response(Bun.file(files.source), { headers });
      if (pathname === '/reference') return new Response(Bun.file(files.reference), { headers });
      const file = Bun.file(join(site, normalize(pathname === '/' ? '/index.html' : pathname)));
      return (await file.exists()) ? new Response(file, { headers }) : new Response(null, { status: 404, headers });
    },
  });
}
