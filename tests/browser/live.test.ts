import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type Audio, durationSeconds } from '#core/audio/audio.ts';
import { accessibilityProblems } from './accessibility.ts';
import { type FakeMicrophone, openFakeMicrophone } from './fake-microphone.ts';
import { missingBrowser, openBench, patience, projectRoot, type TestBench } from './harness.ts';
import { delaySeconds, readLoopback, tapLoopback } from './loopback.ts';
import { decode, levelDecibels, medianPitchHz, readSample } from './sound.ts';

const spoken = (await readSample('recordings/vietnamese.flac')).audio;
const asked = (await readSample('voices/1688.flac')).audio;

const startButton = (page: Page) => page.getByRole('button', { name: 'Bắt đầu' });
const delay = (page: Page) => page.locator('[data-fact="delay"]').filter({ hasText: /\d+ ms/ });

const dropOuts = async (page: Page) => Number(await page.locator('[data-fact="drop-outs"]').getAttribute('data-count'));

const octavesFrom = (one: Audio, other: Audio) => Math.abs(Math.log2(medianPitchHz(one) / medianPitchHz(other)));

/** Makes a voice of `asked` on the screen of voices, which keeps it on the device. */
async function saveVoice(page: Page, name: string): Promise<void> {
  const make = page.getByRole('region', { name: 'Tạo giọng mới' });
  await make.locator('input[type=file]').setInputFiles(join(projectRoot, 'samples/voices/1688.flac'));
  await make.getByLabel('Tên giọng').fill(name);
  await make.getByRole('group', { name: 'Nơi lưu' }).getByText('Máy này').click();
  await make.getByRole('checkbox').check();
  await make.getByRole('button', { name: 'Lưu giọng' }).click();
  await page.getByRole('region', { name: 'Giọng đã lưu' }).getByRole('listitem').filter({ hasText: name }).waitFor();
}

/** Waits until so many seconds of both ends were heard. */
const heardSeconds = (page: Page, seconds: number) =>
  page.waitForFunction((most) => {
    const { loopbackTap } = globalThis as unknown as { loopbackTap: { sampleRate: number; blocks: unknown[] } };
    return loopbackTap.blocks.length * 128 > most * loopbackTap.sampleRate;
  }, seconds);

describe.skipIf(missingBrowser !== undefined)('the screen "Trực tiếp"', () => {
  let bench: TestBench;
  let microphone: FakeMicrophone;
  beforeAll(async () => {
    microphone = await openFakeMicrophone(spoken);
    bench = await openBench({ flags: microphone.flags });
  }, patience);
  afterAll(async () => {
    await bench?.close();
    await microphone[Symbol.asyncDispose]();
  });

  test(
    'converts the microphone into a saved voice while it is spoken into, records what comes out, and tells of gaps',
    async () => {
      // The tap is a script of its own, which the page's policy forbids.
      const { page, problems } = await bench.openPage({ permissions: ['microphone'], bypassCSP: true });
      // What is still on its way when the first page is left would break off, and count as a problem.
      await page.waitForLoadState('networkidle');
      await tapLoopback(page);
      await page.goto(`${bench.url}/voices`);
      await saveVoice(page, 'Người kể');
      await page.getByRole('link', { name: 'Trực tiếp' }).click();
      await page.getByRole('radio', { name: /^Người kể/ }).check({ force: true });
      await page.getByRole('button', { name: /Người kể/ }).waitFor();
      await startButton(page).click();
      await delay(page).waitFor();
      await page.getByRole('button', { name: 'Ghi lại' }).click();
      await heardSeconds(page, 8);
      await page.getByRole('button', { name: 'Dừng ghi' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Tải WAV' }).click(),
      ]);
      const shown = Number(await page.locator('[data-fact="through"]').getAttribute('data-milliseconds'));
      const gaps = await dropOuts(page);
      const loopback = await readLoopback(page);

      const converting = page.workers().find((worker) => worker.url().includes('live-worker'));
      await converting?.evaluate(() => {
        // Nothing comes for longer than anything is kept in reserve.
        for (const end = performance.now() + 1500; performance.now() < end; );
      });
      await page.waitForFunction((before) => {
        const fact = document.querySelector<HTMLElement>('[data-fact="drop-outs"]');
        return Number(fact?.dataset.count) > before && /^\d+ lần$/.test(fact?.textContent ?? '');
      }, gaps);
      await page.getByRole('button', { name: 'Dừng', exact: true }).click();
      await startButton(page).waitFor();

      const recorded = await decode(await Bun.file(await download.path()).bytes());
      const measured = Math.round(1000 * delaySeconds(loopback));
      console.log(`live: ${measured} ms by loopback, ${shown} ms shown, ${gaps} drop-outs`);
      expect(durationSeconds(recorded)).toBeGreaterThan(4);
      expect(levelDecibels(recorded)).toBeGreaterThan(levelDecibels(spoken) - 8);
      expect(levelDecibels(recorded)).toBeLessThan(levelDecibels(spoken) + 8);
      // Not nearer than that: a busy machine leaves blocks out, whose edges count as voiced.
      expect(octavesFrom(recorded, asked)).toBeLessThan(octavesFrom(recorded, spoken));
      // No promise of speed on a busy machine: only that a delay is a delay, and is what is said while nothing goes wrong.
      expect(measured).toBeGreaterThan(100);
      if (gaps === 0) expect(Math.abs(shown / measured - 1)).toBeLessThan(0.1);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'says what to do where the microphone is not allowed',
    async () => {
      const { page } = await bench.openPage();
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
      });
      await page.goto(`${bench.url}/live`);
      await startButton(page).click();
      await page.getByRole('alert').getByText('Trình duyệt chưa được phép dùng micrô').waitFor();
      expect(await startButton(page).isEnabled()).toBe(true);
    },
    patience,
  );

  test(
    'says so when the microphone goes away',
    async () => {
      const { page } = await bench.openPage({ permissions: ['microphone'] });
      await page.addInitScript(() => {
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (constraints) => {
          const stream = await open(constraints);
          Object.assign(globalThis, { microphoneTrack: stream.getAudioTracks()[0] });
          return stream;
        };
      });
      await page.goto(`${bench.url}/live`);
      await startButton(page).click();
      await delay(page).waitFor();
      await page.evaluate(() => {
        const { microphoneTrack } = globalThis as unknown as { microphoneTrack: MediaStreamTrack };
        microphoneTrack.dispatchEvent(new Event('ended'));
      });
      await page.getByRole('alert').getByText('Micrô đã bị ngắt').waitFor();
      await startButton(page).waitFor();
    },
    patience,
  );

  test.each(['light', 'dark'] as const)(
    'is accessible and fits a phone (%s)',
    async (colorScheme) => {
      const viewport = { width: 390, height: 844 };
      const { page } = await bench.openPage({ permissions: ['microphone'], colorScheme, viewport });
      await page.goto(`${bench.url}/live`);
      await startButton(page).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await startButton(page).focus();
      await page.keyboard.press('Enter');
      await delay(page).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    },
    patience,
  );
});
