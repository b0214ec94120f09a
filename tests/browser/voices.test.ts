import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { expectConversion } from './expect-conversion.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { readSample } from './sound.ts';

const source = await readSample('recordings/vietnamese.flac');
/** What the voice is made of: one of the samples, as somebody's own recording. */
const voice = await readSample('voices/3080.flac');

/** What a person sees and does on the screen "Giọng", in Vietnamese. */
function onVoicesPage(page: Page) {
  const maker = page.getByRole('region', { name: 'Tạo giọng mới' });
  const saved = page.getByRole('region', { name: 'Giọng đã lưu' });
  return {
    maker,
    saved,
    saveButton: maker.getByRole('button', { name: 'Lưu giọng' }),
    open: () => page.getByRole('link', { name: 'Giọng', exact: true }).click(),

    async pick(name: string, bytes: Uint8Array): Promise<void> {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        maker.getByRole('button', { name: 'Chọn tệp' }).click(),
      ]);
      await chooser.setFiles([{ name, mimeType: 'audio/flac', buffer: Buffer.from(bytes) }]);
    },

    async make(name: string, place: 'Máy chủ' | 'Trên máy này'): Promise<void> {
      await this.pick('đọc.flac', voice.bytes);
      await maker.getByText('giọng nói').waitFor();
      await maker.getByLabel('Tên giọng').fill(name);
      await maker.getByText(place, { exact: true }).click();
      await maker.getByLabel('Đây là giọng của tôi').check();
      await this.saveButton.click();
      await maker.getByText(`Đã lưu giọng “${name}”.`).waitFor();
    },
  };
}

describe.skipIf(missingBrowser !== undefined)('the screen "Giọng"', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  for (const [kept, ranAt] of [
    ['Máy chủ', 'Chạy trên máy chủ'],
    ['Trên máy này', 'Chạy trên máy này'],
  ] as const) {
    test(
      `makes a voice, keeps it (${kept}), and a conversion takes it on`,
      async () => {
        const { page, problems } = await bench.openPage();
        const voices = onVoicesPage(page);
        await voices.open();
        expect(await voices.saveButton.isEnabled()).toBe(false);
        await voices.make('Kể chuyện', kept);
        await voices.saved.getByRole('button', { name: 'Dùng giọng Kể chuyện' }).click();
        const convertPage = onConvertPage(page);
        expect(await page.getByRole('radio', { name: /^Kể chuyện/ }).isChecked()).toBe(true);
        await convertPage.choosePlace(kept);
        await convertPage.convertButton.click();
        await convertPage.resultFrom(ranAt);
        const { name, bytes } = await convertPage.download();
        expect(name).toBe('Câu tiếng Việt - Kể chuyện.wav');
        await expectConversion(bytes, { source, voice });
        expect(problems).toEqual([]);
      },
      patience,
    );
  }

  test(
    'renames a voice, takes it away as a file, deletes it, and has it back from the file',
    async () => {
      const { page, problems } = await bench.openPage();
      const voices = onVoicesPage(page);
      await voices.open();
      await voices.make('An', 'Máy chủ');
      await voices.saved.getByRole('button', { name: 'Đổi tên giọng An' }).click();
      await voices.saved.getByLabel('Tên mới').fill('Bình');
      await voices.saved.getByRole('button', { name: 'Lưu tên' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        voices.saved.getByRole('button', { name: 'Xuất giọng Bình ra tệp' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('Bình.giong-voice');
      await voices.saved.getByRole('button', { name: 'Xóa giọng Bình' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Xóa' }).click();
      await voices.saved.getByText('Chưa có giọng nào').waitFor();

      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        voices.saved.getByRole('button', { name: 'Nhập giọng từ tệp' }).click(),
      ]);
      const profile = Buffer.from(await Bun.file(await download.path()).bytes());
      await chooser.setFiles([{ name: 'Bình.giong-voice', mimeType: 'application/octet-stream', buffer: profile }]);
      await voices.saved.getByText('Đã nhập giọng “Bình”.').waitFor();
      await voices.saved.getByRole('button', { name: 'Dùng giọng Bình' }).waitFor();
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'says at once what is wrong with a recording, and keeps all when saving fails',
    async () => {
      const { page } = await bench.openPage();
      const voices = onVoicesPage(page);
      await voices.open();
      await voices.pick('thư.txt', new TextEncoder().encode('Kính gửi quý khách hàng, đây không phải âm thanh.'));
      await voices.maker.getByText('Không đọc được định dạng của tệp này').waitFor();
      await voices.maker.getByRole('button', { name: 'Bỏ bản thu thư.txt' }).click();

      await voices.pick('đọc.flac', voice.bytes);
      await voices.maker.getByText('giọng nói').waitFor();
      await voices.maker.getByLabel('Tên giọng').fill('An');
      await voices.maker.getByLabel('Đây là giọng của tôi').check();
      await page.route(/\/api\/voices$/, (route) => route.abort());
      await voices.saveButton.click();
      await voices.maker.getByText('Không liên lạc được với máy chủ').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await page.unroute(/\/api\/voices$/);
      await voices.saveButton.click();
      await voices.maker.getByText('Đã lưu giọng “An”.').waitFor();
    },
    patience,
  );
});
