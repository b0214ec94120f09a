import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { durationSeconds } from '#core/audio/audio.ts';
import { accessibilityProblems } from './accessibility.ts';
import { type FakeMicrophone, openFakeMicrophone } from './fake-microphone.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { delaySeconds, readLoopback, tapLoopback } from './loopback.ts';
import { decode, levelDecibels, medianPitchHz, readSample } from './sound.ts';

const spoken = (await readSample('recordings/vietnamese.flac')).audio;
/** The voice that the screen has chosen when it opens. */
const asked = (await readSample('voices/3080.flac')).audio;

const startButton = (page: Page) => page.getByRole('button', { name: 'Bắt đầu' });
const delay = (page: Page) => page.locator('[data-fact="delay"]').filter({ hasText: /\d+ ms/ });

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
    'converts the microphone while it is spoken into, and records what comes out',
    async () => {
      // The tap is a script of its own, which the page's policy forbids.
      const { page, problems } = await bench.openPage({ permissions: ['microphone'], bypassCSP: true });
      // What is still on its way when the first page is left would break off, and count as a problem.
      await page.waitForLoadState('networkidle');
      await tapLoopback(page);
      await page.goto(`${bench.url}/live`);
      await startButton(page).click();
      await delay(page).waitFor();
      await page.getByRole('button', { name: 'Ghi lại' }).click();
      await heardSeconds(page, 8);
      await page.getByRole('button', { name: 'Dừng ghi' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Tải WAV' }).click(),
      ]);
      const shown = Number.parseInt((await delay(page).textContent()) ?? '', 10);
      const dropOuts = await page.locator('[data-fact="drop-outs"]').textContent();
      const loopback = await readLoopback(page);
      await page.getByRole('button', { name: 'Dừng', exact: true }).click();
      await startButton(page).waitFor();

      const recorded = await decode(await Bun.file(await download.path()).bytes());
      expect(durationSeconds(recorded)).toBeGreaterThan(4);
      expect(levelDecibels(recorded)).toBeGreaterThan(levelDecibels(spoken) - 8);
      expect(levelDecibels(recorded)).toBeLessThan(levelDecibels(spoken) + 8);
      expect(Math.abs(12 * Math.log2(medianPitchHz(recorded) / medianPitchHz(asked)))).toBeLessThan(2);
      const measured = Math.round(1000 * delaySeconds(loopback));
      console.log(`live: ${measured} ms by loopback, ${shown} ms shown, ${dropOuts} drop-outs`);
      // No promise of speed on a busy machine: only that what is measured is a delay at all, and not far from what is said.
      expect(measured).toBeGreaterThan(100);
      expect(measured).toBeLessThan(1990);
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
