import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { durationSeconds } from '#core/audio/audio.ts';
import { onConvertPage } from './convert-page.ts';
import { type FakeMicrophone, openFakeMicrophone } from './fake-microphone.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { decode, levelDecibels, medianPitchHz, readSample } from './sound.ts';

const spoken = (await readSample('recordings/vietnamese.flac')).audio;
const recordedSeconds = 3;

describe.skipIf(missingBrowser !== undefined)('the microphone', () => {
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
    'gives a recording with what was said, which converts like any other',
    async () => {
      const { page, problems } = await bench.openPage({ permissions: ['microphone'] });
      const convertPage = onConvertPage(page);
      await convertPage.source.getByRole('button', { name: 'Ghi âm' }).click();
      const stop = convertPage.source.getByRole('button', { name: 'Dừng và dùng bản ghi này' });
      await convertPage.source.getByRole('timer').getByText(`0:0${recordedSeconds}`).waitFor();
      const level = await convertPage.source
        .getByRole('meter', { name: 'Mức tiếng' })
        .evaluate((meter) => (meter instanceof HTMLMeterElement ? meter.value : -1));
      expect(level).toBeGreaterThan(0);
      await stop.click();
      await convertPage.source.getByText(/^Ghi âm lúc/).waitFor();
      await convertPage.source.getByRole('button', { name: 'Ghi lại' }).waitFor();

      const upload = page.waitForRequest(
        (request) => request.url().endsWith('/api/uploads') && request.method() === 'POST',
      );
      await convertPage.choosePlace('Máy chủ');
      await convertPage.convertButton.click();
      await upload;
      await convertPage.resultFrom('Chạy trên máy chủ');
      const { name, bytes } = await convertPage.download();
      expect(name).toMatch(/^Ghi âm lúc .* - Giọng nữ 1\.wav$/);

      const result = await decode(bytes);
      expect(durationSeconds(result)).toBeGreaterThanOrEqual(recordedSeconds - 0.1);
      expect(durationSeconds(result)).toBeLessThan(recordedSeconds * 4);
      expect(levelDecibels(result)).toBeGreaterThan(-50);
      // A low voice spoke, a higher one was asked for.
      expect(medianPitchHz(result)).toBeGreaterThan(medianPitchHz(spoken) * 1.3);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'can be discarded, and what was chosen before is still there',
    async () => {
      const { page } = await bench.openPage({ permissions: ['microphone'] });
      const { source } = onConvertPage(page);
      await source.getByRole('button', { name: 'Ghi âm' }).click();
      await source.getByRole('button', { name: 'Dừng và dùng bản ghi này' }).waitFor();
      await source.getByRole('button', { name: 'Bỏ' }).click();
      await source.getByTitle('Câu tiếng Việt', { exact: true }).waitFor();
      expect(await source.getByRole('timer').count()).toBe(0);
    },
    patience,
  );

  test(
    'records the voice to take on',
    async () => {
      const { page } = await bench.openPage({ permissions: ['microphone'] });
      const { voice } = onConvertPage(page);
      await voice.getByRole('button', { name: 'Ghi âm' }).click();
      await voice.getByRole('timer').getByText('0:01').waitFor();
      await voice.getByRole('button', { name: 'Dừng và dùng bản ghi này' }).click();
      const own = voice.getByRole('radio', { name: /^Ghi âm lúc/ });
      await own.waitFor();
      expect(await own.isChecked()).toBe(true);
    },
    patience,
  );
});
