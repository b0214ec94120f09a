/**
 * The screen "Trực tiếp" for some minutes: a real server, a real Chromium whose microphone plays a speech file over and over. Both ends
 * of the conversion are recorded on one clock; the delay is where their envelopes agree best. Before that, what a block takes in Bun.
 * Prints tables and keeps a JSON.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright-core';
import { parseConfig } from '#server/config.ts';
import { startServer } from '#server/main.ts';
import { openFakeMicrophone } from '../../tests/browser/fake-microphone.ts';
import { delaySeconds, readLoopback, tapLoopback } from '../../tests/browser/loopback.ts';
import { findChromium } from '../convert/chromium/run.ts';
import { formatTable } from '../quality/table.ts';
import { mean, quantile } from '../statistics.ts';
import { costInBun, costRow, machineLoad, readSample, root, type StreamCost } from './block-cost.ts';

const usage = `usage: bun bench/live/index.ts [options]
  --minutes N    how long (default: 10)
  --out FILE     JSON of the results (default: bench/out/live.json)`;

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    out: { type: 'string', default: join(root, 'bench/out/live.json') },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

/** What is hoped for, with no drop-out at all. */
const MOST_MILLISECONDS = 250;
const STRETCH_SECONDS = 10;

/** A stretch of the run. */
interface Stretch {
  /** Its end, in minutes from the start. */
  readonly minute: number;
  /** By loopback, from the page's microphone to its output; devices not included. */
  readonly measuredMilliseconds: number;
  /** What the page says of the same way: the median of what it said meanwhile. */
  readonly shownMilliseconds: number;
  /** What the page adds for the devices, as the browser tells it. */
  readonly devicesMilliseconds: number;
  /** So far. */
  readonly dropOuts: number;
}

/** What a page keeps for the benchmark. */
interface Taps {
  readonly loopbackTap: { readonly sampleRate: number; readonly blocks: unknown[] };
  /** What the blocks took in the worker, and what the page showed, in milliseconds. */
  readonly liveCosts: number[];
  readonly liveShown: number[];
}

/** Has what the converting worker tells of its pace kept in `liveCosts`. */
async function tapPace(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const liveCosts: number[] = [];
    Object.assign(globalThis, { liveCosts, liveShown: [] });
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        if (options?.name !== 'giong-live') return;
        this.addEventListener('message', ({ data }) => {
          if (data.type === 'pace') liveCosts.push(...data.milliseconds);
        });
      }
    };
  });
}

/** Waits until both ends have so many seconds more, while what the page shows is noted; what was recorded before is forgotten. */
async function nextStretch(page: Page, minute: number): Promise<Stretch> {
  await page.evaluate(() => {
    const taps = globalThis as unknown as Taps;
    taps.loopbackTap.blocks.length = 0;
    taps.liveShown.length = 0;
  });
  await page.waitForFunction(
    (most) => {
      const { loopbackTap, liveShown } = globalThis as unknown as Taps;
      liveShown.push(Number(document.querySelector<HTMLElement>('[data-fact="through"]')?.dataset.milliseconds));
      return loopbackTap.blocks.length * 128 > most * loopbackTap.sampleRate;
    },
    STRETCH_SECONDS,
    // A page that counts thousands of blocks at every frame would itself be the load.
    { polling: 500, timeout: 4000 * STRETCH_SECONDS },
  );
  const shown = quantile(await page.evaluate(() => (globalThis as unknown as Taps).liveShown), 0.5);
  const total = Number.parseInt((await page.locator('[data-fact="delay"]').textContent()) ?? '', 10);
  const now = Number(await page.locator('[data-fact="through"]').getAttribute('data-milliseconds'));
  return {
    minute,
    measuredMilliseconds: Math.round(1000 * delaySeconds(await readLoopback(page))),
    shownMilliseconds: shown,
    devicesMilliseconds: total - now,
    dropOuts: Number(await page.locator('[data-fact="drop-outs"]').getAttribute('data-count')),
  };
}

async function measure(page: Page): Promise<{ stretches: Stretch[]; milliseconds: number[] }> {
  await page.getByRole('button', { name: /^(Bắt đầu|Start)$/ }).click();
  await page.locator('[data-fact="through"]').waitFor();
  const stretches: Stretch[] = [];
  const count = Math.max(1, Math.round((Number(options.minutes) * 60) / STRETCH_SECONDS));
  for (let i = 1; i <= count; i++) stretches.push(await nextStretch(page, (i * STRETCH_SECONDS) / 60));
  return { stretches, milliseconds: await page.evaluate(() => (globalThis as unknown as Taps).liveCosts) };
}

/** Where the time goes. */
function budget({ blockMilliseconds, aheadMilliseconds }: StreamCost, milliseconds: readonly number[], delay: number) {
  const computing = mean(milliseconds);
  return formatTable(
    ['part of the delay', 'ms'],
    [
      ['a block fills', blockMilliseconds],
      ['the conversion looks ahead', aheadMilliseconds],
      ['a block is computed', computing],
      ['waiting, and the reserve against late blocks', delay - blockMilliseconds - aheadMilliseconds - computing],
      null,
      ['from the microphone to the output, by loopback', delay],
    ].map((row) => row && [String(row[0]), Number(row[1]).toFixed(0)]),
  );
}

function summary(stretches: readonly Stretch[]): string {
  const delays = stretches.map(({ measuredMilliseconds }) => measuredMilliseconds);
  const errors = stretches.map((each) => Math.abs(each.shownMilliseconds / each.measuredMilliseconds - 1));
  const [median, high] = [quantile(delays, 0.5), quantile(delays, 0.95)];
  return [
    `delay by loopback: median ${median} ms, 95 % below ${high} ms (${high <= MOST_MILLISECONDS ? 'within' : 'beyond'} ${MOST_MILLISECONDS})`,
    `drop-outs: ${stretches.at(-1)?.dropOuts} in ${options.minutes} minutes`,
    `the shown delay is off by ${(100 * quantile(errors, 0.5)).toFixed(0)} % (median), ${(100 * Math.max(...errors)).toFixed(0)} % (most)`,
  ].join('\n');
}

async function main(): Promise<void> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium: install Debian\'s package "chromium", or set CHROMIUM');
  const inBun = await costInBun();
  const folder = await mkdtemp(join(tmpdir(), 'giong-bench-'));
  await using microphone = await openFakeMicrophone(await readSample('recordings/vietnamese.flac'));
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
    await tapPace(page);
    await page.goto(`${server.url}/live`);
    const { stretches, milliseconds } = await measure(page);
    const delay = quantile(
      stretches.map(({ measuredMilliseconds }) => measuredMilliseconds),
      0.5,
    );
    const tables = [
      formatTable(
        ['a block takes', 'blocks', 'mean ms', 'p99 ms', 'most ms'],
        [costRow('in Bun', inBun.milliseconds), costRow("in Chromium's worker", milliseconds)],
      ),
      budget(inBun, milliseconds, delay),
      formatTable(
        ['minute', 'by loopback, ms', 'shown, ms', 'devices add, ms', 'drop-outs so far'],
        stretches.map((each) => [
          each.minute.toFixed(1),
          ...[each.measuredMilliseconds, each.shownMilliseconds, each.devicesMilliseconds, each.dropOuts].map(String),
        ]),
      ),
      summary(stretches),
    ];
    console.log(`${tables.join('\n\n')}\n${machineLoad()}`);
    await mkdir(dirname(options.out), { recursive: true });
    const results = { budget: MOST_MILLISECONDS, inBun, inChromium: milliseconds, stretches };
    await Bun.write(options.out, JSON.stringify(results, undefined, 2));
  } finally {
    await browser.close();
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

if (options.help) console.log(usage);
else await main();
