import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { expectConversion } from './expect-conversion.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { readSample } from './sound.ts';

/** What the page says once everything is on the device. */
const kept = 'Dùng được cả khi không có mạng.';

describe.skipIf(missingBrowser !== undefined)('the app without a network', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  test(
    'can be installed',
    async () => {
      const { page } = await bench.openPage({ keepsApp: true });
      const devTools = await page.context().newCDPSession(page);
      const { errors } = await devTools.send('Page.getAppManifest');
      expect(errors).toEqual([]);
      const { installabilityErrors } = await devTools.send('Page.getInstallabilityErrors');
      // A test's pages are like private windows, which install nothing; any other reason is the app's own.
      expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
    },
    patience,
  );

  test(
    'offers a newer version, and loads it when told to and not before',
    async () => {
      // The same app with another service worker, once `version` changes.
      let version = 1;
      const proxy = Bun.serve({
        port: 0,
        hostname: '127.0.0.1',
        async fetch(request) {
          const { pathname, search } = new URL(request.url);
          const answer = await fetch(`${bench.url}${pathname}${search}`);
          const headers = new Headers(answer.headers);
          for (const name of ['content-encoding', 'content-length']) headers.delete(name);
          const body = pathname === '/sw.js' ? `${await answer.text()}\n// ${version}` : await answer.arrayBuffer();
          return new Response(body, { status: answer.status, headers });
        },
      });
      const { page } = await bench.openPage({ keepsApp: true });
      await page.goto(proxy.url.href);
      await page.getByText(kept).waitFor();
      version = 2;
      await page.reload();
      const notice = page.getByText('Đã có bản mới.');
      await notice.waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      const loadedAt = () => page.evaluate(() => performance.timeOrigin);
      const before = await loadedAt();

      // It does not come between the user and a conversion.
      const convertPage = onConvertPage(page);
      await page.route(/\/api\/convert$/, () => undefined);
      await convertPage.choosePlace('Máy chủ');
      await convertPage.convertButton.click();
      await convertPage.progressBar.waitFor();
      expect(await notice.count()).toBe(0);
      await page.getByRole('button', { name: 'Hủy' }).click();
      await notice.waitFor();
      expect(await loadedAt()).toBe(before);

      await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Tải lại' }).click()]);
      await page.getByText(kept).waitFor();
      expect(await loadedAt()).toBeGreaterThan(before);
      expect(await notice.count()).toBe(0);
      await proxy.stop(true);
    },
    patience,
  );

  test(
    'opens and converts after one visit, with the server stopped',
    async () => {
      const { page } = await bench.openPage({ keepsApp: true });
      await page.getByText(kept).waitFor();
      await bench.stopServer();
      await page.reload();

      const convertPage = onConvertPage(page);
      await convertPage.placeIs('Chạy trên máy này: không liên lạc được với máy chủ.');
      // Threads and exact clocks need the headers of the page and of its scripts, which have to survive.
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
      // A voice that was never asked for while there was a server.
      await convertPage.voice.getByRole('button', { name: 'Nghe thử Giọng nữ 2' }).click();
      await convertPage.voice.getByRole('button', { name: 'Dừng' }).waitFor();
      await page.getByRole('radio', { name: /^Giọng nữ 2/ }).check({ force: true });
      await page.getByText('Tùy chọn').click();
      await page.getByRole('slider', { name: 'Giảm tạp âm của bản ghi nguồn' }).fill('0.5');
      await page.getByRole('combobox', { name: 'Định dạng tệp kết quả' }).selectOption('flac');
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy này');
      const { name, bytes } = await convertPage.download();
      expect(name).toBe('Câu tiếng Việt - Giọng nữ 2.flac');
      await expectConversion(bytes, {
        source: await readSample('recordings/vietnamese.flac'),
        voice: await readSample('voices/3331.flac'),
      });

      await convertPage.choosePlace('Máy chủ');
      await convertPage.placeIs('Hiện không liên lạc được với máy chủ');
    },
    patience,
  );
});
