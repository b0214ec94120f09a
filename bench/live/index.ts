/**
 * The screen "Trực tiếp" for some minutes: a real server, a real Chromium whose microphone plays a speech file over and over. Both ends
 * of the conversion are recorded on one clock; the delay is where their envelopes agree best. Prints a table and keeps a JSON.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { decodeAudio } from '#core/audio/decode.ts';
import { parseConfig } from '#server/config.ts';
import { startServer } from '#server/main.ts';
import { openFakeMicrophone } from '../../tests/browser/fake-microphone.ts';
import { delaySeconds, readLoopback, tapLoopback } from '../../tests/browser/loopback.ts';
import { findChromium } from '../convert/chromium/run.ts';
import { formatTable } from '../quality/table.ts';

const usage = `usage: bun bench/live/index.ts [options]
  --minutes N    how long (default: 10)
  --out FILE     JSON of the results (default: bench/out/live.json)`;

const root = join(import.meta.dir, '../..');
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    out: { type: 'string', default: join(root, 'bench/out/live.json') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** What is hoped for, with no drop-out at all. */
const MOST_MILLISECONDS = 250;
const ROW_SECONDS = 30;

interface Row {
  readonly minute: number;
  /** Of the last seconds, by loopback; devices not included. */
  readonly measuredMilliseconds: number;
  /** What the page says, devices included. */
  readonly shownMilliseconds: number;
  readonly dropOuts: number;
  readonly load: string;
}

/** Waits until both ends have so many seconds more, and gives them; what was recorded before is forgotten. */
async function nextStretch(page: Page, seconds: number): Promise<number> {
  await page.evaluate(() => {
    const { loopbackTap } = globalThis as unknown as { loopbackTap: { blocks: unknown[] } };
    loopbackTap.blocks.length = 0;
  });
  await page.waitForFunction(
    (most) => {
      const { loopbackTap } = globalThis as unknown as { loopbackTap: { sampleRate: number; blocks: unknown[] } };
      return loopbackTap.blocks.length * 128 > most * loopbackTap.sampleRate;
    },
    seconds,
    // A page that counts thousands of blocks at every frame would itself be the load.
    { polling: 1000, timeout: 4000 * seconds },
  );
  return Math.round(1000 * delaySeconds(await readLoopback(page)));
}

async function factOf(page: Page, name: string): Promise<string> {
  return (await page.locator(`[data-fact="${name}"]`).textContent()) ?? '';
}

async function measure(page: Page): Promise<Row[]> {
  await page.getByRole('button', { name: /^(Bắt đầu|Start)$/ }).click();
  await page
    .locator('[data-fact="delay"]')
    .filter({ hasText: /\d+ ms/ })
    .waitFor();
  const rows: Row[] = [];
  const count = Math.max(1, Math.round((Number(options.minutes) * 60) / ROW_SECONDS));
  for (let i = 1; i <= count; i++) {
    rows.push({
      measuredMilliseconds: await nextStretch(page, ROW_SECONDS),
      minute: (i * ROW_SECONDS) / 60,
      shownMilliseconds: Number.parseInt(await factOf(page, 'delay'), 10),
      dropOuts: Number(await factOf(page, 'drop-outs')),
      load: await factOf(page, 'load'),
    });
  }
  return rows;
}

async function main(): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: install Debian\'s package "chromium", or set CHROMIUM');
  const folder = await mkdtemp(join(tmpdir(), 'giong-bench-'));
  const { audio } = await decodeAudio(await Bun.file(join(root, 'samples/recordings/vietnamese.flac')).bytes());
  await using microphone = await openFakeMicrophone(audio);
  const server = await startServer(
    parseConfig({}, { port: '0', host: '127.0.0.1', dataFolder: folder, workers: '1', logLevel: 'silent' }),
  );
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', ...microphone.flags],
  });
  try {
    const page = await browser.newPage({ permissions: ['microphone'], bypassCSP: true });
    await tapLoopback(page);
    await page.goto(`${server.url}/live`);
    const rows = await measure(page);
    console.log(
      formatTable(
        ['minute', 'delay by loopback, ms', 'shown with devices, ms', 'drop-outs so far', "share of a block's time"],
        rows.map((row) => [
          row.minute.toFixed(1),
          `${row.measuredMilliseconds} (${row.measuredMilliseconds <= MOST_MILLISECONDS ? 'within' : 'beyond'} ${MOST_MILLISECONDS})`,
          String(row.shownMilliseconds),
          String(row.dropOuts),
          row.load,
        ]),
      ),
    );
    console.log(`load of the machine over the last minute: ${loadavg()[0]?.toFixed(1)}`);
    await mkdir(dirname(options.out), { recursive: true });
    await Bun.write(options.out, JSON.stringify({ budget: MOST_MILLISECONDS, rows }, undefined, 2));
  } finally {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

if (options.help) console.log(usage);
else await main();
