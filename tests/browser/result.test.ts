import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { decode, levelDecibels, signalToNoiseDecibels } from './sound.ts';

/** Keeps hold of the players that the page makes, which stand in no document. Runs in the page, before its own scripts. */
function rememberPlayers(): void {
  const players: HTMLAudioElement[] = [];
  Object.assign(globalThis, { players });
  const Original = globalThis.Audio;
  globalThis.Audio = class extends Original {
    constructor(url?: string) {
      super(url);
      players.push(this);
    }
  };
}

/** Speeds, and whether the pitch is kept, of the two players that were made last: those of the result. */
function resultPlayers(page: Page): Promise<{ speed: number; keepsPitch: boolean }[]> {
  return page.evaluate(() =>
    (globalThis as unknown as { players: HTMLAudioElement[] }).players
      .slice(-2)
      .map(({ playbackRate, preservesPitch }) => ({ speed: playbackRate, keepsPitch: preservesPitch })),
  );
}

describe.skipIf(missingBrowser !== undefined)('a result', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  async function openResult() {
    const { page, problems } = await bench.openPage();
    await page.addInitScript(rememberPlayers);
    await page.reload();
    problems.length = 0;
    const convertPage = onConvertPage(page);
    await convertPage.choosePlace('Trên máy này');
    await convertPage.convertButton.click();
    await convertPage.resultFrom('Chạy trên máy này');
    return { page, problems, ...convertPage };
  }

  test(
    'plays slower and faster at the same pitch, and a part of it over and over',
    async () => {
      const { page, problems, result } = await openResult();
      await result.getByRole('combobox', { name: 'Tốc độ' }).selectOption('0.5');
      const slow = { speed: 0.5, keepsPitch: true };
      expect(await resultPlayers(page)).toEqual([slow, slow]);
      await result.getByRole('combobox', { name: 'Tốc độ' }).selectOption('2');

      // By keyboard: from second 2 to second 3.
      const cursor = result.getByRole('slider', { name: 'Vị trí phát, Giọng mới' });
      await cursor.focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('[');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press(']');
      await result.getByText('Lặp giây 2 – 3').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);

      // It turns: the position comes back from beyond the middle to before it.
      await page.keyboard.press('Home');
      await page.keyboard.press('Space');
      await page.waitForFunction((name) => {
        const now = Number(document.querySelector(`[aria-label="${name}"]`)?.getAttribute('aria-valuenow'));
        const seen = globalThis as unknown as { latest?: number };
        const turned = seen.latest !== undefined && seen.latest > 2.5 && now < 2.5 && now >= 2;
        seen.latest = now;
        return turned;
      }, 'Vị trí phát, Giọng mới');
      await result.getByRole('button', { name: 'Dừng' }).click();

      // By mouse: the middle half of the waveform.
      const box = await cursor.boundingBox();
      if (!box) throw new Error('the waveform has no place');
      const middle = box.y + box.height / 2;
      await page.mouse.move(box.x + box.width * 0.25, middle);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, middle);
      await page.mouse.move(box.x + box.width * 0.75, middle);
      await page.mouse.up();
      const duration = Number(await cursor.getAttribute('aria-valuemax'));
      const [start = 0, end = 0] =
        ((await result.locator('output').textContent()) ?? '')
          .replaceAll(',', '.')
          .match(/[\d.]+/g)
          ?.map(Number) ?? [];
      expect(start).toBeCloseTo(duration * 0.25, 0);
      expect(end).toBeCloseTo(duration * 0.75, 0);
      await result.getByRole('button', { name: 'Bỏ lặp' }).click();
      expect(await result.getByText(/Lặp giây/).count()).toBe(0);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'shows the spectrograms of both recordings when asked to',
    async () => {
      const { page, problems, result } = await openResult();
      const toggle = result.getByRole('button', { name: 'Phổ đồ' });
      await toggle.click();
      for (const track of ['Nguồn', 'Giọng mới']) {
        const picture = result.getByRole('img', { name: `Phổ đồ, ${track}` });
        await picture.waitFor();
        const shades = await picture.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
          const { width, height } = canvas;
          const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
          // Green of a row in the middle of each tenth of the height, averaged over time.
          return Array.from({ length: 10 }, (_, tenth) => {
            const row = Math.floor((tenth + 0.5) * (height / 10));
            const values = Array.from({ length: width }, (_, column) => data[(row * width + column) * 4 + 1] ?? 0);
            return values.reduce((sum, value) => sum + value, 0) / width;
          });
        });
        // Speech is strong, which is dark in the light colours, where its harmonics are, and weak at the top.
        expect(Math.min(...shades.slice(5)), track).toBeLessThan((shades[0] ?? 0) - 30);
      }
      expect(await accessibilityProblems(page)).toEqual([]);
      await toggle.click();
      expect(await result.getByRole('img').count()).toBe(0);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'comes in every format without being converted anew',
    async () => {
      const { page, problems, result, download } = await openResult();
      const wav = await download();
      const audio = await decode(wav.bytes);
      const format = result.getByRole('combobox', { name: 'Định dạng tệp kết quả' });
      const marks = { flac: 'fLaC', mp3: 'ID3' };
      for (const [extension, mark] of Object.entries(marks)) {
        await format.selectOption(extension);
        const file = await download();
        expect(file.name).toBe(`Câu tiếng Việt - Giọng nữ 1.${extension}`);
        expect(new TextDecoder('latin1').decode(file.bytes.subarray(0, mark.length))).toBe(mark);
        expect(new TextDecoder('latin1').decode(file.bytes)).toContain('voice conversion by');
        const decoded = await decode(file.bytes);
        expect(Math.abs(levelDecibels(decoded) - levelDecibels(audio))).toBeLessThan(1);
        if (extension === 'flac') expect(signalToNoiseDecibels(audio.samples, decoded.samples)).toBeGreaterThan(90);
      }
      await format.selectOption('wav');
      expect((await download()).bytes).toEqual(wav.bytes);
      expect(await page.getByRole('progressbar').count()).toBe(0);
      expect(problems).toEqual([]);
    },
    patience,
  );
});
