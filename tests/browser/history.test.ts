import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { expectConversion } from './expect-conversion.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { onHistoryPage } from './history-page.ts';
import { readSample } from './sound.ts';

const source = await readSample('recordings/vietnamese.flac');
const voice = await readSample('voices/3080.flac');

/** One conversion on the server and one on this device. */
async function convertAtBoth(page: Page): Promise<void> {
  const convertPage = onConvertPage(page);
  await convertPage.choosePlace('Máy chủ');
  await convertPage.convertButton.click();
  await convertPage.resultFrom('Chạy trên máy chủ');
  await convertPage.source.getByRole('button', { name: 'Câu tiếng Anh' }).click();
  await convertPage.choosePlace('Trên máy này');
  await convertPage.convertButton.click();
  await convertPage.resultFrom('Chạy trên máy này');
}

describe.skipIf(missingBrowser !== undefined)('the history', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  test(
    'lists conversions of server and device, newest first, plays them and gives them away',
    async () => {
      const { page, problems } = await bench.openPage();
      const history = onHistoryPage(page);
      await history.open();
      await history.empty.waitFor();
      await page.getByRole('link', { name: 'Chuyển giọng đầu tiên' }).click();
      await convertAtBoth(page);

      await history.open();
      await history.row('Máy này').waitFor();
      await history.row('Máy chủ').waitFor();
      expect(await history.rows.count()).toBe(2);
      expect(await history.rows.first().textContent()).toContain('Câu tiếng Anh');

      for (const row of await history.rows.all()) {
        await row.getByRole('button', { name: /^Nghe/ }).click();
        await row.getByRole('button', { name: 'Dừng' }).waitFor();
      }
      const ofServer = await history.download('Máy chủ');
      await expectConversion(ofServer.bytes, { source, voice });
      const ofDevice = await history.download('Máy này');
      expect(ofDevice.name).toBe('Câu tiếng Anh - Giọng nữ 1.wav');
      expect(ofDevice.bytes.length).toBeGreaterThan(10_000);
      // Both are still there for another page of the same browser.
      await page.reload();
      await history.row('Máy này').waitFor();
      await history.row('Máy chủ').waitFor();
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'is filtered by state, place and name, and a deleted conversion is gone for good',
    async () => {
      const { page, problems } = await bench.openPage();
      await convertAtBoth(page);
      const history = onHistoryPage(page);
      await history.open();
      await history.row('Máy chủ').waitFor();
      await history.row('Máy này').waitFor();

      await history.filters.getByRole('combobox', { name: 'Nơi chạy' }).selectOption('server');
      expect(await history.rows.allTextContents()).toEqual([expect.stringContaining('Câu tiếng Việt')]);
      await history.filters.getByRole('searchbox', { name: 'Tìm theo tên' }).fill('tieng anh');
      await page.getByText('Không có mục nào khớp').waitFor();
      await page.getByRole('button', { name: 'Bỏ lọc' }).click();
      await history.filters.getByText('Chưa xong').click();
      await page.getByText('Không có mục nào khớp').waitFor();
      await history.filters.getByText('Tất cả').click();
      expect(await history.rows.count()).toBe(2);

      for (const place of ['Máy chủ', 'Máy này']) {
        const row = history.row(place);
        await row.getByRole('button', { name: /^Xóa/ }).click();
        await row.getByRole('button', { name: 'Giữ lại' }).click();
        await row.getByRole('button', { name: /^Xóa/ }).click();
        await row.getByRole('button', { name: 'Xóa hẳn' }).click();
        await row.waitFor({ state: 'detached' });
      }
      await history.empty.waitFor();
      await page.reload();
      await history.empty.waitFor();
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'brings an earlier conversion back with its recording, voice and options',
    async () => {
      const { page, problems } = await bench.openPage();
      const convertPage = onConvertPage(page);
      const history = onHistoryPage(page);
      await convertPage.source
        .locator('input[type=file]')
        .setInputFiles({ name: 'lời nói.flac', mimeType: 'audio/flac', buffer: Buffer.from(source.bytes) });
      await convertPage.voice
        .locator('input[type=file]')
        .setInputFiles({ name: 'người kể.flac', mimeType: 'audio/flac', buffer: Buffer.from(voice.bytes) });
      await page.getByText('Tùy chọn').click();
      await page.getByRole('slider', { name: 'Mức chuyển giọng' }).fill('0.7');
      await convertPage.choosePlace('Máy chủ');
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy chủ');
      await convertPage.choosePlace('Trên máy này');
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy này');

      for (const place of ['Máy chủ', 'Máy này']) {
        await page.getByRole('navigation').getByRole('link', { name: 'Chuyển giọng' }).click();
        await convertPage.source.getByRole('button', { name: 'Câu tiếng Anh' }).click();
        await page.getByRole('radio', { name: /^Giọng nam 1/ }).check({ force: true });
        await history.open();
        await history
          .row(place)
          .getByRole('button', { name: /^Chuyển lại/ })
          .click();
        await convertPage.source.getByText('lời nói.flac').waitFor();
        expect(await page.getByRole('radio', { name: /^người kể\.flac/ }).isChecked()).toBe(true);
        await page.getByText('1 thay đổi').waitFor();
      }
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'shows each of two users their own alone',
    async () => {
      const { page: first } = await bench.openPage();
      const second = await bench.openGuest();
      const [here, there] = [onConvertPage(first), onConvertPage(second)];
      await here.choosePlace('Máy chủ');
      await there.choosePlace('Máy chủ');
      await there.source.getByRole('button', { name: 'Câu tiếng Anh' }).click();
      await Promise.all([here.convertButton.click(), there.convertButton.click()]);
      await Promise.all([here.resultFrom('Chạy trên máy chủ'), there.resultFrom('Chạy trên máy chủ')]);
      for (const [page, own] of [
        [first, 'Câu tiếng Việt'],
        [second, 'Câu tiếng Anh'],
      ] as const) {
        const history = onHistoryPage(page);
        await history.open();
        await history.row(own).waitFor();
        expect(await history.rows.count()).toBe(1);
      }
    },
    patience,
  );

  for (const colorScheme of ['light', 'dark'] as const) {
    test(
      `fits a phone and has nothing that axe objects to, in ${colorScheme}, full, asking, and without its server`,
      async () => {
        const { page } = await bench.openPage({
          colorScheme,
          reducedMotion: 'reduce',
          viewport: { width: 390, height: 844 },
        });
        await convertAtBoth(page);
        const history = onHistoryPage(page);
        await history.open();
        await history.row('Máy chủ').waitFor();
        await history.row('Máy chủ').getByRole('button', { name: /^Xóa/ }).click();
        const overflow = () =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(await overflow()).toBe(0);
        expect(await accessibilityProblems(page)).toEqual([]);
        await page.route(/\/api\//, (route) => route.abort());
        await page.goto(`${bench.url}/history`);
        await page.getByText('Không liên lạc được với máy chủ').waitFor();
        await history.row('Máy này').waitFor();
        expect(await overflow()).toBe(0);
        expect(await accessibilityProblems(page)).toEqual([]);
      },
      patience,
    );
  }
});
