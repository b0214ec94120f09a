import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { onHistoryPage } from './history-page.ts';
import { readSample } from './sound.ts';
import { untilStored } from './stored.ts';

const recordings = await Promise.all(['vietnamese', 'english'].map((name) => readSample(`recordings/${name}.flac`)));

function onBatch(page: Page) {
  return {
    files: page.getByRole('list', { name: 'Các tệp của lô' }).getByRole('listitem'),
    zip: page.getByRole('link', { name: /ZIP/ }).or(page.getByRole('button', { name: /ZIP/ })),

    /** Two recordings and a letter. */
    choose: () =>
      onConvertPage(page)
        .source.locator('input[type=file]')
        .setInputFiles([
          ...recordings.map(({ bytes }, index) => ({
            name: `bài ${index + 1}.flac`,
            mimeType: 'audio/flac',
            buffer: Buffer.from(bytes),
          })),
          { name: 'thư.txt', mimeType: 'text/plain', buffer: Buffer.from('Kính gửi quý khách hàng.') },
        ]),
  };
}

describe.skipIf(missingBrowser !== undefined)('a batch', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  for (const [place, listedAs] of [
    ['Máy chủ', 'Máy chủ'],
    ['Trên máy này', 'Máy này'],
  ] as const) {
    test(
      `is converted at "${place}", says which file is no recording, and comes as one ZIP`,
      async () => {
        const { page } = await bench.openPage({ reducedMotion: 'reduce' });
        const batch = onBatch(page);
        await batch.choose();
        expect(await batch.files.count()).toBe(3);
        await onConvertPage(page).choosePlace(place);
        expect(await accessibilityProblems(page)).toEqual([]);
        await page.getByRole('button', { name: 'Chuyển giọng 3 tệp' }).click();
        await page.getByText('Đã chuyển 2 trong 3 tệp.').waitFor();
        expect(await batch.files.filter({ hasText: 'Đã xong' }).count()).toBe(2);
        // What is done is in the history: only what this device could not do is kept for another try.
        await untilStored(page, 'giong-unfinished', 'recordings', undefined, place === 'Máy chủ' ? 0 : 1);
        expect(await batch.files.filter({ hasText: 'thư.txt' }).textContent()).toContain('Không chuyển được');
        expect(await accessibilityProblems(page)).toEqual([]);

        const [download] = await Promise.all([page.waitForEvent('download'), batch.zip.click()]);
        const path = await download.path();
        const listed = await new Response(
          Bun.spawn(['python3', '-m', 'zipfile', '-l', path], { stdout: 'pipe' }).stdout,
        ).text();
        expect(listed).toContain('1 - ');
        expect(listed.match(/\.wav/g)).toHaveLength(2);

        const history = onHistoryPage(page);
        await history.open();
        await history.row('bài 1.flac').filter({ hasText: listedAs }).waitFor();
        await history.row('bài 2.flac').filter({ hasText: listedAs }).waitFor();
      },
      patience,
    );
  }

  test(
    'stops when told to, on a phone without scrolling sideways, and can be given up for one file',
    async () => {
      const { page } = await bench.openPage({ viewport: { width: 390, height: 844 } });
      const batch = onBatch(page);
      const convertPage = onConvertPage(page);
      await batch.choose();
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(await overflow()).toBe(0);
      // Holds the answer back, so that there is something to stop.
      await page.route(/\/api\/batches$/, () => undefined);
      await convertPage.choosePlace('Máy chủ');
      await page.getByRole('button', { name: 'Bỏ thư.txt' }).click();
      await page.getByRole('button', { name: 'Chuyển giọng 2 tệp' }).click();
      await page.getByRole('progressbar', { name: 'Tiến độ của lô' }).waitFor();
      await page.getByRole('button', { name: 'Hủy lô' }).click();
      await page.getByText('Đã chuyển 0 trong 2 tệp.').waitFor();
      expect(await convertPage.problem.count()).toBe(0);
      expect(await overflow()).toBe(0);
      await page.getByRole('button', { name: 'Bỏ cả lô' }).click();
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy chủ');
    },
    patience,
  );
});
