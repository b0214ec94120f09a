import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { onHistoryPage } from './history-page.ts';
import { decode, medianPitchHz, readSample } from './sound.ts';
import { onVoicesPage } from './voices-page.ts';

describe.skipIf(missingBrowser !== undefined)('the screen of voices', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  for (const place of ['Máy chủ', 'Máy này'] as const) {
    test(
      `makes a voice, kept at "${place}", which converts, is renamed and deleted`,
      async () => {
        const { page, problems } = await bench.openPage();
        const voices = onVoicesPage(page);
        await voices.open();
        await voices.addSamples('1688.flac', '1688.flac');
        await voices.make
          .getByText(/giây giọng nói/)
          .first()
          .waitFor();
        expect(await voices.saveButton.isDisabled()).toBe(true);
        await voices.fill('Người kể', place);
        await voices.saveButton.click();
        await voices.voiceNamed('Người kể').getByText(place).waitFor();
        expect(await voices.make.getByRole('list', { name: 'Các bản mẫu' }).count()).toBe(0);

        await voices.saved.getByRole('button', { name: 'Đổi tên Người kể' }).click();
        await voices.saved.getByLabel('Tên mới').fill('Bà kể');
        await page.keyboard.press('Enter');
        await voices.saved.getByRole('button', { name: 'Dùng giọng này: Bà kể' }).click();

        const convertPage = onConvertPage(page);
        await convertPage.voice.getByRole('radio', { name: /^Bà kể/, checked: true }).waitFor();
        await convertPage.choosePlace(place === 'Máy chủ' ? 'Máy chủ' : 'Trên máy này');
        await convertPage.convertButton.click();
        await convertPage.resultFrom(place === 'Máy chủ' ? 'Chạy trên máy chủ' : 'Chạy trên máy này');
        const { name, bytes } = await convertPage.download();
        expect(name).toEndWith('Bà kể.wav');
        const source = (await readSample('recordings/vietnamese.flac')).audio;
        expect(medianPitchHz(await decode(bytes))).toBeGreaterThan(medianPitchHz(source) * 1.3);
        // The server's voices carry their speaker, this device's are compared by their samples.
        await convertPage.result.getByRole('button', { name: 'Đo độ giống giọng' }).click();
        await convertPage.result.getByText(/^(Rất|Khá|Hơi) giống$/).waitFor();

        // On the server a device's voice is there for its conversions alone, which bring it back.
        if (place === 'Máy này') {
          await convertPage.choosePlace('Máy chủ');
          await convertPage.convertButton.click();
          await convertPage.resultFrom('Chạy trên máy chủ');
        }
        const history = onHistoryPage(page);
        const convertAgain = async () => {
          await history.open();
          const again = history.row('Máy chủ').getByRole('button', { name: /^Chuyển lại/ });
          await again.click();
        };
        await convertPage.voice.locator('label', { hasText: 'Giọng nam 1' }).click();
        await convertAgain();
        await convertPage.voice.getByRole('radio', { name: /^Bà kể/, checked: true }).waitFor();

        await voices.open();
        await voices.saved.getByRole('button', { name: 'Xóa Bà kể' }).click();
        await voices.saved.getByRole('button', { name: 'Xóa hẳn' }).click();
        await voices.saved.getByText('Chưa có giọng nào', { exact: false }).waitFor();
        expect(problems).toEqual([]);
        await convertAgain();
        if (place === 'Máy chủ') await page.getByText('Giọng Bà kể không còn nữa').waitFor();
        else
          await convertPage.voice
            .getByRole('radio', { name: 'Bà kể không có trong danh sách', checked: true })
            .waitFor();
      },
      2 * patience,
    );
  }

  test(
    'loses nothing when saving fails, and saves at the second try; the file goes out and comes in again',
    async () => {
      const { page } = await bench.openPage();
      const voices = onVoicesPage(page);
      await voices.open();
      await voices.addSamples('2033.flac');
      await voices.fill('Bạn', 'Máy chủ');
      await page.route(/\/api\/voices$/, (route) => route.abort());
      await voices.saveButton.click();
      await voices.make.getByRole('alert').waitFor();
      // A look at another screen does not lose it either.
      await page.getByRole('link', { name: 'Lịch sử' }).click();
      await voices.open();
      await voices.make.getByRole('list', { name: 'Các bản mẫu' }).getByText('2033.flac').first().waitFor();
      await page.unroute(/\/api\/voices$/);
      await voices.saveButton.click();
      await voices.voiceNamed('Bạn').waitFor();

      const [download] = await Promise.all([
        page.waitForEvent('download'),
        voices.saved.getByRole('button', { name: 'Xuất tệp Bạn' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('Bạn.giong-voice');
      const buffer = Buffer.from(await Bun.file(await download.path()).bytes());
      const file = { name: 'Từ xa.giong-voice', mimeType: 'application/octet-stream', buffer };
      await voices.saved.locator('input[type=file]').setInputFiles(file);
      await voices.voiceNamed('Từ xa').waitFor();
      await voices.saved.locator('input[type=file]').setInputFiles({ ...file, buffer: buffer.subarray(0, 200) });
      await voices.saved.getByRole('alert').waitFor();
    },
    patience,
  );

  for (const colorScheme of ['light', 'dark'] as const) {
    test(
      `has nothing that axe objects to, and fits a phone, in ${colorScheme}`,
      async () => {
        const { page } = await bench.openPage({
          colorScheme,
          reducedMotion: 'reduce',
          viewport: { width: 390, height: 844 },
        });
        const voices = onVoicesPage(page);
        await voices.open();
        await voices.addSamples('3080.flac');
        await voices.fill('Cô giáo', 'Máy này');
        await voices.make
          .getByText(/giây giọng nói/)
          .first()
          .waitFor();
        expect(await accessibilityProblems(page)).toEqual([]);
        await voices.saveButton.click();
        await voices.voiceNamed('Cô giáo').waitFor();
        expect(await accessibilityProblems(page)).toEqual([]);
        const overflow = () =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(await overflow()).toBe(0);
        const shots = process.env.GIONG_SCREENSHOTS;
        if (shots) {
          await page.screenshot({ path: join(shots, `voices-phone-${colorScheme}.png`), fullPage: true });
          await page.setViewportSize({ width: 1440, height: 900 });
          await page.screenshot({ path: join(shots, `voices-wide-${colorScheme}.png`), fullPage: true });
        }
      },
      patience,
    );
  }
});
