import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { addExported } from '#server/models/exported.ts';
import { ModelLibrary } from '#server/models/library.ts';
import { writeNarrowModel } from '../support/seed-vc-models.ts';
import { snrDecibels } from '../support/signals.ts';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { decode } from './sound.ts';

/** What a person sees and does of engines, in Vietnamese. */
function onEngines(page: Page) {
  const engines = page.getByRole('group', { name: 'Bộ chuyển giọng' });
  return {
    engines,
    openOptions: () => page.getByText('Tùy chọn', { exact: true }).click(),
    choose: (name: string) => engines.getByText(name, { exact: true }).click(),
    slide: (name: string, value: string) => page.getByRole('slider', { name }).fill(value),
    fetchButton: page.getByRole('button', { name: /^Tải (về máy này|tiếp)/ }),
    kept: page.getByText('Đã có trên máy này'),
    remove: page.getByRole('button', { name: 'Xóa khỏi máy này: Seed-VC nhanh' }),
  };
}

/** What the browser has of models. */
const keptFiles = (page: Page) =>
  page.evaluate(async () => (await (await caches.open('giong.models')).keys()).map(({ url }) => new URL(url).pathname));

describe.skipIf(missingBrowser !== undefined)('engines beside the one that comes with the app', () => {
  let bench: TestBench;
  let onServer: Uint8Array;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  test(
    'are offered as soon as the server has their models, and convert there with their own options',
    async () => {
      const { page, problems } = await bench.openPage();
      const [convertPage, own] = [onConvertPage(page), onEngines(page)];
      await own.openOptions();
      await page.getByRole('slider', { name: 'Mức chuyển giọng' }).waitFor();
      expect(await own.engines.count()).toBe(0);

      const exported = join(bench.dataFolder, 'exported');
      await writeNarrowModel(exported, 'fast', '-int8');
      await addExported(await ModelLibrary.open(bench.dataFolder), exported);
      await own.openOptions();
      await own.openOptions();
      await own.choose('Seed-VC nhanh');
      expect(await page.getByRole('slider', { name: 'Mức chuyển giọng' }).count()).toBe(0);
      expect(await page.getByRole('slider', { name: 'Dịch cao độ' }).count()).toBe(0);
      await own.slide('Số bước', '2');
      await page.getByLabel('Số ngẫu nhiên').fill('7');
      await page.getByLabel('Số ngẫu nhiên').blur();
      expect(await accessibilityProblems(page)).toEqual([]);
      await convertPage.choosePlace('Máy chủ');
      const asked = page.waitForRequest(/\/api\/convert$/);
      await convertPage.convertButton.click();
      expect((await asked).postDataJSON()).toMatchObject({ engine: 'seed-vc-fast', diffusionSteps: 2, seed: 7 });
      await convertPage.resultFrom('Chạy trên máy chủ');
      onServer = (await convertPage.download()).bytes;
      await own.engines.getByText('trên máy chủ · ước chừng').waitFor();
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'say so where their models do not come whole, keep nothing wrong, and go on from what has come',
    async () => {
      const { page } = await bench.openPage();
      const own = onEngines(page);
      await own.openOptions();
      await own.choose('Seed-VC nhanh');
      await page.route(/estimator\.onnx/, (route) => route.fulfill({ body: 'not the model' }));
      await own.fetchButton.click();
      await page.getByRole('alert').getByText('không đúng như máy chủ công bố').waitFor();
      const afterWrong = await keptFiles(page);

      await page.unroute(/estimator\.onnx/);
      await page.route(/vocoder\.safetensors/, (route) => route.abort());
      await own.fetchButton.click();
      await page.getByRole('alert').getByText('Đường truyền bị ngắt').waitFor();
      const afterBreak = await keptFiles(page);
      // The wrong file left nothing; what was right before the break is still there.
      expect([afterWrong.length, afterBreak.length]).toEqual([6, 7]);

      await page.unroute(/vocoder\.safetensors/);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      const rest = Promise.withResolvers<void>();
      await page.route(/vocoder\.safetensors/, async (route) => {
        await rest.promise;
        await route.continue();
      });
      await own.fetchButton.click();
      await page.getByRole('progressbar', { name: 'Tiến độ tải Seed-VC nhanh' }).waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      rest.resolve();
      await own.kept.waitFor();
      expect(asked.filter((path) => path.startsWith('/models/'))).toEqual([
        '/models/seed-vc-fast-int8/vocoder.safetensors',
      ]);
    },
    patience,
  );

  test(
    'convert on this device without a network, to what the server makes of it, until their models are removed',
    async () => {
      const { page } = await bench.openPage({ keepsApp: true });
      await page.getByText('Dùng được cả khi không có mạng.').waitFor();
      const [convertPage, own] = [onConvertPage(page), onEngines(page)];
      await own.openOptions();
      await own.choose('Seed-VC nhanh');
      await own.fetchButton.click();
      await own.kept.waitFor();

      await bench.stopServer();
      await page.reload();
      await own.openOptions();
      await own.engines.getByText('trên máy này', { exact: false }).first().waitFor();
      expect(await page.getByRole('radio', { name: /^Seed-VC nhanh/ }).isChecked()).toBe(true);
      await own.slide('Số bước', '2');
      await page.getByLabel('Số ngẫu nhiên').fill('7');
      await page.getByLabel('Số ngẫu nhiên').blur();
      await convertPage.placeIs('Chạy trên máy này: không liên lạc được với máy chủ.');
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy này');
      // ONNX Runtime's threads are workers that load its own chunk.
      const cores = await page.evaluate(() => navigator.hardwareConcurrency);
      expect(page.workers().some((worker) => /\/host-/.test(worker.url()))).toBe(cores > 1);
      const [here, there] = [await decode((await convertPage.download()).bytes), await decode(onServer)];
      expect(snrDecibels(here.samples, there.samples)).toBeGreaterThan(60);

      await own.slide('Số bước', '100');
      await convertPage.convertButton.click();
      await page.getByText(/^còn khoảng|, còn khoảng/).waitFor();
      await page.getByRole('button', { name: 'Hủy' }).click();
      await page.getByRole('status').getByText('Đã hủy.').waitFor();

      await page.getByRole('link', { name: 'Hệ thống' }).click();
      await page.getByText('Đã có trên máy này').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      await own.remove.click();
      await own.remove.waitFor({ state: 'detached' });
      expect(await keptFiles(page)).toEqual([]);
      await bench.restartServer();
    },
    patience,
  );
});
