import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Audio } from '#core/audio/audio.ts';
import { type ConversionOptions, defaultConversionOptions } from '#core/options.ts';
import { createBunConverter } from '#server/converter.ts';
import { onConvertPage } from './convert-page.ts';
import { expectConversion } from './expect-conversion.ts';
import { missingBrowser, openBench, patience, projectRoot, type TestBench } from './harness.ts';
import { decode, decodeInPage, readSample, signalToNoiseDecibels } from './sound.ts';

/** What the page has chosen when it opens. */
const source = await readSample('recordings/vietnamese.flac');
const voice = await readSample('voices/3080.flac');

/** The file holds what Bun makes of the same recordings and options, within the rounding of floats. */
async function expectSameAsBun(there: Audio, options: ConversionOptions): Promise<void> {
  const converter = await createBunConverter();
  const profile = await converter.profile([voice.bytes]);
  const inBun = await converter.convert({ source: source.bytes, voice: profile, options, format: 'wav16' });
  await converter.dispose();
  if (!inBun.bytes) throw new Error('no file came of it');
  const here = await decode(inBun.bytes);
  expect(there.sampleRate).toBe(here.sampleRate);
  expect(there.samples.length).toBe(here.samples.length);
  expect(signalToNoiseDecibels(here.samples, there.samples)).toBeGreaterThanOrEqual(60);
}

describe.skipIf(missingBrowser !== undefined)('a first conversion', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  test(
    'is one click away, runs on the server, and its file holds the voice',
    async () => {
      const { page, problems } = await bench.openPage();
      const convertPage = onConvertPage(page);
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy chủ');
      const { name, bytes } = await convertPage.download();
      expect(name).toBe('Câu tiếng Việt - Giọng nữ 1.wav');
      await expectConversion(bytes, { source, voice });
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'runs on this device when asked to, sends no sound to the server, and equals what Bun makes of it',
    async () => {
      const { page, problems } = await bench.openPage();
      const sent: string[] = [];
      page.on('request', (request) => {
        if (request.method() !== 'GET') sent.push(`${request.method()} ${request.url()}`);
      });
      const convertPage = onConvertPage(page);
      await convertPage.choosePlace('Trên máy này');
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy này');
      const { bytes } = await convertPage.download();
      await expectConversion(bytes, { source, voice });
      expect(sent).toEqual([]);
      expect(problems).toEqual([]);

      await expectSameAsBun(await decode(bytes), defaultConversionOptions);
    },
    patience,
  );

  test(
    'does the same on this device with other choices, in another format',
    async () => {
      const { page, problems } = await bench.openPage();
      const convertPage = onConvertPage(page);
      await page.getByText('Tùy chọn').click();
      await page.getByRole('slider', { name: 'Mức chuyển giọng' }).fill('0.8');
      await page.getByRole('slider', { name: 'Giảm tạp âm của bản ghi nguồn' }).fill('1');
      await page.getByText('Tự chỉnh', { exact: true }).click();
      await page.getByRole('slider', { name: 'Dịch cao độ' }).fill('5');
      await page.getByRole('combobox', { name: 'Định dạng tệp kết quả' }).selectOption('flac');
      await page.getByText('4 thay đổi').waitFor();
      await convertPage.choosePlace('Trên máy này');
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy này');
      const { name, bytes } = await convertPage.download();
      expect(name).toEndWith('.flac');
      // Read by Chromium's own decoder, which shares nothing with our encoder.
      const result = await decodeInPage(page, bytes, source.audio.sampleRate);
      await expectSameAsBun(result, { ...defaultConversionOptions, strength: 0.8, denoise: 1, pitch: 5 });
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'takes a recording and a voice of one’s own, and sends each once',
    async () => {
      const { page, problems } = await bench.openPage();
      const convertPage = onConvertPage(page);
      const uploads: string[] = [];
      page.on('request', (request) => {
        if (request.url().endsWith('/api/uploads')) uploads.push(request.method());
      });
      const samples = join(projectRoot, 'samples');
      await convertPage.source.locator('input[type=file]').setInputFiles(join(samples, 'recordings/vietnamese.flac'));
      await convertPage.voice.locator('input[type=file]').setInputFiles(join(samples, 'voices/3080.flac'));
      expect(await page.getByRole('radio', { name: /^3080\.flac/ }).isChecked()).toBe(true);
      await convertPage.choosePlace('Máy chủ');
      for (const press of [1, 2]) {
        await convertPage.convertButton.click();
        // The button is away while the conversion runs.
        await convertPage.convertButton.waitFor();
        await convertPage.resultFrom('Chạy trên máy chủ');
        const { name, bytes } = await convertPage.download();
        expect(name, `press ${press}`).toBe('vietnamese - 3080.wav');
        await expectConversion(bytes, { source, voice });
      }
      expect(uploads).toEqual(['POST', 'POST']);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'goes on on this device when the server is gone',
    async () => {
      const { page } = await bench.openPage();
      const convertPage = onConvertPage(page);
      await convertPage.placeIs('Âm thanh được gửi lên máy chủ');
      // The app's own files are there; the server that would convert is not.
      await page.route(/\/api\//, (route) => route.abort());
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy này');
      await convertPage.result.getByText('Không liên lạc được với máy chủ').waitFor();
    },
    patience,
  );
});
