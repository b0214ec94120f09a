import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { parseConfig } from '#server/config.ts';
import { startServer } from '#server/main.ts';
import { noLimits } from '../server/server-process.ts';

export const projectRoot = join(import.meta.dir, '..', '..');
const chromiumPath = '/usr/bin/chromium';

/** Why the tests of this folder cannot run here, or undefined when they can. */
export const missingBrowser = existsSync(chromiumPath)
  ? undefined
  : `${chromiumPath} is missing: install Debian's package "chromium" to run the browser tests`;
if (missingBrowser) console.warn(missingBrowser);

/** Time for one test, in milliseconds: two cores may be shared with others, on which a conversion takes long. */
export const patience = 110_000;

const browserFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/** The real server on a free port with an empty data folder, and a real browser. */
export interface TestBench {
  readonly url: string;
  readonly dataFolder: string;
  /**
   * A page of a visitor of its own, in place of the one before. What it logs as an error, and what fails in it, lands in `problems`.
   * The browser keeps no copy of the app unless `keepsApp` is true: most tests look at the server, or play one that is away.
   */
  openPage(options?: BrowserContextOptions & { keepsApp?: boolean }): Promise<{ page: Page; problems: string[] }>;
  /** A page of one more visitor, beside the one of `openPage`. */
  openGuest(): Promise<Page>;
  /** Stops the server alone, as in an outage. */
  stopServer(): Promise<void>;
  /** The server again after `stopServer`, at the same address with the same data. */
  restartServer(): Promise<void>;
  close(): Promise<void>;
}

export async function openBench({ flags = [] }: { readonly flags?: readonly string[] } = {}): Promise<TestBench> {
  await buildClient();
  const dataFolder = await mkdtemp(join(tmpdir(), 'giong-browser-'));
  const start = (port: string) =>
    startServer(parseConfig(noLimits, { port, host: '127.0.0.1', dataFolder, workers: '1', logLevel: 'silent' }));
  let server = await start('0');
  const { url } = server;
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [...browserFlags, ...flags],
  });
  let isRunning = true;
  let context: BrowserContext | undefined;
  const guests: BrowserContext[] = [];

  async function stopServer(): Promise<void> {
    if (!isRunning) return;
    isRunning = false;
    await server.stop();
  }

  return {
    url,
    dataFolder,
    async openPage({ keepsApp = false, ...options } = {}) {
      for (const closing of [context, ...guests.splice(0)]) await closing?.close();
      context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      if (!keepsApp) {
        await context.addInitScript(() => void Reflect.deleteProperty(Navigator.prototype, 'serviceWorker'));
      }
      const page = await context.newPage();
      // Less than a test has, so that what is missing is named before the test is cut off.
      page.setDefaultTimeout(patience * 0.7);
      const problems: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
      });
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('requestfailed', (request) => problems.push(`${request.url()}: ${request.failure()?.errorText}`));
      await page.goto(url);
      return { page, problems };
    },
    async openGuest() {
      const guest = await browser.newContext({ viewport: { width: 1280, height: 900 } });
      guests.push(guest);
      const page = await guest.newPage();
      page.setDefaultTimeout(patience * 0.7);
      await page.goto(url);
      return page;
    },
    stopServer,
    async restartServer() {
      await stopServer();
      server = await start(new URL(url).port);
      isRunning = true;
    },
    async close() {
      await browser.close();
      await stopServer();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Builds the page where `npm test` has not done so before. */
async function buildClient(): Promise<void> {
  if (existsSync(join(projectRoot, 'client/dist/index.html'))) return;
  const build = Bun.spawn([process.execPath, 'scripts/build.ts', '--client'], {
    cwd: projectRoot,
    stdout: 'inherit',
    stderr: 'inherit',
  });
  if ((await build.exited) !== 0) throw new Error('the client does not build');
}
