import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { encodeAudio } from '#core/audio/encode.ts';
import { onConvertPage } from './convert-page.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { onHistoryPage } from './history-page.ts';
import { decode, readSample } from './sound.ts';
import { untilStored } from './stored.ts';
import { onVoicesPage } from './voices-page.ts';

const sample = await readSample('recordings/vietnamese.flac');

/** So often the sample is said in a recording that takes a while to convert: a minute in all. */
const times = 10;

async function longRecording(): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  const { samples, sampleRate } = sample.audio;
  const long = new Float32Array(samples.length * times);
  for (let at = 0; at < times; at += 1) long.set(samples, at * samples.length);
  const bytes = await encodeAudio({ samples: long, sampleRate }, { format: 'wav16' });
  return { name: 'bài dài.wav', mimeType: 'audio/wav', buffer: Buffer.from(bytes) };
}

describe.skipIf(missingBrowser !== undefined)('nothing is lost', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  test(
    'by a reload: source, reference of one’s own and options are there again',
    async () => {
      const { page, problems } = await bench.openPage();
      const convertPage = onConvertPage(page);
      const file = (name: string) => ({ name, mimeType: 'audio/flac', buffer: Buffer.from(sample.bytes) });
      await convertPage.source.locator('input[type=file]').setInputFiles(file('phỏng vấn.flac'));
      await convertPage.voice.locator('input[type=file]').setInputFiles(file('bản mẫu.flac'));
      await page.getByText('Tùy chọn').click();
      await page.getByRole('slider', { name: 'Mức chuyển giọng' }).fill('0.4');
      await page.getByText('1 thay đổi').waitFor();
      await untilStored(page, 'giong-draft', 'parts', 'settings', { strength: 0.4 });
      await page.reload();
      await convertPage.source.getByText('phỏng vấn.flac').waitFor();
      await page.getByRole('radio', { name: /^bản mẫu\.flac/ }).waitFor({ state: 'attached' });
      expect(await page.getByRole('radio', { name: /^bản mẫu\.flac/ }).isChecked()).toBe(true);
      await page.getByText('1 thay đổi').waitFor();
      await convertPage.source.getByRole('button', { name: 'Nghe thử phỏng vấn.flac' }).waitFor();
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'by a reload: the files of a batch and the voice being made are there again, until they are done with',
    async () => {
      const { page, problems } = await bench.openPage();
      const convertPage = onConvertPage(page);
      const file = (name: string) => ({ name, mimeType: 'audio/flac', buffer: Buffer.from(sample.bytes) });
      await convertPage.source.locator('input[type=file]').setInputFiles(['một.flac', 'hai.flac', 'ba.flac'].map(file));
      await page.getByRole('button', { name: 'Bỏ hai.flac' }).click();
      const voices = onVoicesPage(page);
      await voices.open();
      await voices.make.locator('input[type=file]').setInputFiles(file('mẫu.flac'));
      await voices.fill('Người kể', 'Máy này');
      await untilStored(page, 'giong-unfinished', 'recordings', undefined, 3);
      await untilStored(page, 'giong-draft', 'parts', 'voiceForm', {
        name: 'Người kể',
        consent: true,
        place: 'device',
      });

      await page.reload();
      await voices.make.getByRole('list', { name: 'Các bản mẫu' }).getByText('mẫu.flac').waitFor();
      await voices.saveButton.click();
      await voices.voiceNamed('Người kể').waitFor();
      await untilStored(page, 'giong-unfinished', 'recordings', undefined, 2);
      await page.getByRole('link', { name: 'Chuyển giọng', exact: true }).click();
      const files = page.getByRole('list', { name: 'Các tệp của lô' }).getByRole('listitem');
      await files.filter({ hasText: 'ba.flac' }).waitFor();
      expect(await files.count()).toBe(2);
      await page.getByRole('button', { name: 'Bỏ cả lô' }).click();
      await untilStored(page, 'giong-unfinished', 'recordings', undefined, 0);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'by a reload in the middle of a job: its end is found on the page and in the history',
    async () => {
      const { page } = await bench.openPage();
      const convertPage = onConvertPage(page);
      await convertPage.source.locator('input[type=file]').setInputFiles(await longRecording());
      await convertPage.choosePlace('Máy chủ');
      await convertPage.convertButton.click();
      await page.getByText('Đang chuyển giọng trên máy chủ').first().waitFor();
      await page.waitForFunction(() => /^\d+% · /.test(document.title));
      await page.reload();
      await convertPage.resultFrom('Chạy trên máy chủ');
      const { name, bytes } = await convertPage.download();
      expect(name).toBe('bài dài - Giọng nữ 1.wav');
      const seconds = sample.audio.samples.length / sample.audio.sampleRate;
      const result = await decode(bytes);
      expect(result.samples.length / result.sampleRate).toBeCloseTo(seconds * times, 1);
      const history = onHistoryPage(page);
      await history.open();
      await history.row('bài dài.wav').waitFor();
      expect(await history.rows.count()).toBe(1);
    },
    patience,
  );

  test(
    'by a restart of the server in the middle of a job: the page comes back to it by itself',
    async () => {
      const { page } = await bench.openPage();
      const convertPage = onConvertPage(page);
      await convertPage.source.locator('input[type=file]').setInputFiles(await longRecording());
      await convertPage.choosePlace('Máy chủ');
      await convertPage.convertButton.click();
      await page.getByText('Đang chuyển giọng trên máy chủ').first().waitFor();
      await page.waitForFunction(() => /^\d+% · /.test(document.title));
      await bench.restartServer();
      await convertPage.resultFrom('Chạy trên máy chủ');
      expect((await convertPage.download()).bytes.length).toBeGreaterThan(1_000_000);
    },
    patience,
  );

  test(
    'by an outage: what was asked of the server waits, can be taken back, and is done once when the server is back',
    async () => {
      const { page } = await bench.openPage({ keepsApp: true });
      await page.getByText('Dùng được cả khi không có mạng.').waitFor();
      const convertPage = onConvertPage(page);
      const history = onHistoryPage(page);
      await bench.stopServer();
      await convertPage.choosePlace('Máy chủ');
      for (const name of ['Câu tiếng Anh', 'Câu tiếng Việt']) {
        await convertPage.source.getByRole('button', { name }).click();
        await convertPage.convertButton.click();
        await convertPage.problem.getByRole('button', { name: 'Gửi khi có mạng' }).click();
        await page.getByText('Đã ghi lại').waitFor();
      }
      // What waits outlives a reload too.
      await page.reload();
      await history.open();
      expect(await history.row('Chờ có mạng để gửi').count()).toBe(2);
      await history.row('Câu tiếng Anh').getByRole('button', { name: /^Hủy/ }).click();
      await history.row('Câu tiếng Anh').waitFor({ state: 'detached' });

      await bench.restartServer();
      await history.row('Câu tiếng Việt').getByRole('button', { name: /^Nghe/ }).waitFor();
      expect(await history.rows.count()).toBe(1);
      expect((await history.download('Câu tiếng Việt')).bytes.length).toBeGreaterThan(10_000);
    },
    patience,
  );

  test(
    'by being offline: what this device converts then is in the history afterwards',
    async () => {
      const { page } = await bench.openPage({ keepsApp: true });
      await page.getByText('Dùng được cả khi không có mạng.').waitFor();
      await page.context().setOffline(true);
      const convertPage = onConvertPage(page);
      await convertPage.placeIs('Chạy trên máy này: không liên lạc được với máy chủ.');
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy này');
      const history = onHistoryPage(page);
      await history.open();
      await history.row('Máy này').waitFor();
      await page.context().setOffline(false);
      await page.reload();
      await history.row('Máy này').waitFor();
      expect((await history.download('Máy này')).name).toBe('Câu tiếng Việt - Giọng nữ 1.wav');
    },
    patience,
  );
});
