/**
 * How soon the first screen can be used by a first visitor with a slow phone on a slow network, as Lighthouse plays them: a real
 * server, a real Chromium with its network and CPU slowed down. Prints a table of medians and keeps a JSON.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium } from 'playwright-core';
import { parseConfig } from '#server/config.ts';
import { startServer } from '#server/main.ts';
import { findChromium } from '../convert/chromium/run.ts';
import { formatTable } from '../quality/table.ts';
import { median } from '../statistics.ts';

const usage = `usage: bun bench/first-screen/index.ts [options]
  --rounds N     visits of each kind, of which medians are told (default: 5)
  --out FILE     JSON of the results (default: bench/out/first-screen.json)`;

const root = join(import.meta.dir, '../..');
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    out: { type: 'string', default: join(root, 'bench/out/first-screen.json') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** What is hoped for. */
const budget = { scriptBytes: 120_000, usableMilliseconds: 1500 };

interface Profile {
  readonly name: string;
  /** Milliseconds that every request takes longer, and bytes per second each way. */
  readonly latency: number;
  readonly downloadThroughput: number;
  readonly uploadThroughput: number;
  /** How many times slower than this machine. */
  readonly cpuSlowdown: number;
}

const bytesPerSecond = (megabits: number) => (megabits * 1e6) / 8;
/** Lighthouse's own for a desktop computer and for a phone (the last one), and between them "Fast 4G" of Chromium's developer tools. */
const profiles: readonly Profile[] = [
  {
    name: 'desktop, 10 Mbit/s, 40 ms',
    latency: 40,
    downloadThroughput: bytesPerSecond(10),
    uploadThroughput: bytesPerSecond(10),
    cpuSlowdown: 1,
  },
  {
    name: 'phone on fast 4G, 8.1 Mbit/s, 165 ms, CPU / 4',
    latency: 165,
    downloadThroughput: bytesPerSecond(8.1),
    uploadThroughput: bytesPerSecond(1.35),
    cpuSlowdown: 4,
  },
  {
    name: 'phone on slow 4G, 1.6 Mbit/s, 150 ms, CPU / 4',
    latency: 150,
    downloadThroughput: bytesPerSecond(1.6),
    uploadThroughput: bytesPerSecond(0.75),
    cpuSlowdown: 4,
  },
];

interface Visit {
  /** Milliseconds from the request on: the first thing drawn; a file and a voice can be chosen, and the button that converts pressed. */
  readonly paint: number;
  readonly usable: number;
  /** As sent, until then. */
  readonly scriptBytes: number;
  readonly allBytes: number;
}

/** One visit of somebody who was never here. */
async function visit(browser: Browser, url: string, profile: Profile): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    const devTools = await context.newCDPSession(page);
    await devTools.send('Network.enable');
    const { latency, downloadThroughput, uploadThroughput } = profile;
    await devTools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency,
      downloadThroughput,
      uploadThroughput,
    });
    await devTools.send('Emulation.setCPUThrottlingRate', { rate: profile.cpuSlowdown });
    // Watched from within the page: a question from outside would be slowed down too.
    await page.addInitScript(() => {
      const isThere = () => {
        const buttons = [...document.querySelectorAll('button')];
        const canConvert = buttons.some(({ textContent, disabled }) => /^Chuyển giọng$/.test(textContent) && !disabled);
        const canPickFile = document.querySelector('input[type=file]:enabled') !== null;
        const canPickVoice = document.querySelectorAll('input[type=radio]:enabled').length > 1;
        return canConvert && canPickFile && canPickVoice;
      };
      const look = () => {
        // Not before it is drawn, and the page has time for whoever presses.
        if (isThere()) setTimeout(() => performance.mark('usable'));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() =>
      ['usable', 'first-contentful-paint'].every((name) => performance.getEntriesByName(name).length > 0),
    );
    return await page.evaluate(() => {
      const timeOf = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN;
      const paint = timeOf('first-contentful-paint');
      // Nobody can use what is not to be seen yet.
      const usable = Math.max(timeOf('usable'), paint);
      const loaded = performance
        .getEntries()
        .filter((entry) => entry instanceof PerformanceResourceTiming)
        .filter(({ responseEnd }) => responseEnd > 0 && responseEnd <= usable);
      const bytesOf = (entries: typeof loaded) =>
        entries.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
      const scripts = loaded.filter(({ name }) => new URL(name).pathname.endsWith('.js'));
      return { paint, usable, scriptBytes: bytesOf(scripts), allBytes: bytesOf(loaded) };
    });
  } finally {
    await context.close();
  }
}

async function main(): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: install Debian\'s package "chromium", or set CHROMIUM');
  if (!(await Bun.file(join(root, 'client/dist/index.html')).exists())) throw new Error('build first: npm run build');
  const dataFolder = await mkdtemp(join(tmpdir(), 'giong-bench-'));
  const server = await startServer(
    parseConfig({}, { port: '0', host: '127.0.0.1', dataFolder, workers: '1', logLevel: 'silent' }),
  );
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
  try {
    // Files are compressed and read by the server for the first time: not what is measured.
    for (const profile of profiles) await visit(browser, server.url, { ...profile, cpuSlowdown: 1 });
    const results = [];
    for (const profile of profiles) {
      const visits: Visit[] = [];
      for (let round = 0; round < Number(options.rounds); round += 1) {
        visits.push(await visit(browser, server.url, profile));
      }
      const of = (what: keyof Visit) => median(visits.map((each) => each[what]));
      results.push({
        profile: profile.name,
        paint: of('paint'),
        usable: of('usable'),
        scriptBytes: of('scriptBytes'),
        allBytes: of('allBytes'),
      });
    }
    const rows = results.map(({ profile, paint, usable, scriptBytes, allBytes }) => [
      profile,
      paint.toFixed(0),
      `${usable.toFixed(0)} (${usable <= budget.usableMilliseconds ? 'within' : 'beyond'} ${budget.usableMilliseconds})`,
      `${(scriptBytes / 1000).toFixed(1)} (${scriptBytes <= budget.scriptBytes ? 'within' : 'beyond'} ${budget.scriptBytes / 1000})`,
      (allBytes / 1000).toFixed(1),
    ]);
    console.log(
      formatTable(['profile', 'first paint, ms', 'usable, ms', 'scripts, kB as sent', 'all, kB as sent'], rows),
    );
    await mkdir(dirname(options.out), { recursive: true });
    await Bun.write(options.out, JSON.stringify({ rounds: Number(options.rounds), budget, results }, undefined, 2));
  } finally {
    await browser.close();
    await server.stop();
    await rm(dataFolder, { recursive: true });
  }
}

if (options.help) console.log(usage);
else await main();
