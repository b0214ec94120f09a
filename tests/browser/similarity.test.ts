import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { createSpeakerEncoder, similarityOf } from '#core/voice/similarity.ts';
import { createBunHost } from '#server/host.ts';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { readSample } from './sound.ts';

/** What the device keeps of the large models. */
function keptModels(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const keys = await (await caches.open('giong-assets')).keys();
    return keys.map(({ url }) => new URL(url).pathname).filter((path) => path.startsWith('/assets/on-request/'));
  });
}

describe.skipIf(missingBrowser !== undefined)("a result's similarity to the voice", () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  async function convertHere(page: Page) {
    const convertPage = onConvertPage(page);
    await convertPage.choosePlace('Trên máy này');
    await convertPage.convertButton.click();
    await convertPage.resultFrom('Chạy trên máy này');
    return convertPage;
  }

  test(
    'is measured on this device when asked for, as a server would, and without a network from then on',
    async () => {
      const { page, problems } = await bench.openPage({ keepsApp: true });
      await page.getByText('Dùng được cả khi không có mạng.').waitFor();
      const { result, download } = await convertHere(page);
      expect(await keptModels(page)).toEqual([]);

      await result.getByRole('button', { name: 'Đo độ giống giọng' }).click();
      const score = result.getByText(/^0,\d+ trên 1$/);
      await score.waitFor();
      const shown = await score.textContent();
      const similarity = Number(shown?.replace(',', '.').split(' ')[0]);
      await result.getByText(/^(Rất|Khá|Hơi) giống$/).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);

      const speakers = createSpeakerEncoder(await createBunHost());
      const { audio: reference } = await readSample('voices/3080.flac');
      const [heard, wanted] = [await speakers.embed((await download()).bytes), await speakers.embed(reference)];
      await speakers.dispose();
      expect(Math.abs(similarity - similarityOf(heard, wanted))).toBeLessThan(0.006);

      expect(await keptModels(page)).toHaveLength(1);
      expect(problems).toEqual([]);
      await page.context().setOffline(true);
      await page.reload();
      const again = await convertHere(page);
      await again.result.getByRole('button', { name: 'Đo độ giống giọng' }).click();
      await again.result.getByText(shown ?? '', { exact: true }).waitFor();
    },
    2 * patience,
  );

  test(
    'cannot be told without the model, which is said, and tried again',
    async () => {
      const { page } = await bench.openPage();
      const { result, problem } = await convertHere(page);
      await page.route(/\/assets\/on-request\//, (route) => route.abort());
      await result.getByRole('button', { name: 'Đo độ giống giọng' }).click();
      await problem.filter({ hasText: 'mô hình' }).waitFor();
      await page.unroute(/\/assets\/on-request\//);
      await result.getByRole('button', { name: 'Đo độ giống giọng' }).click();
      await result.getByText(/^0,\d+ trên 1$/).waitFor();
      expect(await problem.count()).toBe(0);
    },
    patience,
  );
});
