import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cpus } from 'node:os';
import type { Page } from 'playwright-core';
import type { Model, ModelList, Upload } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from '../server/server-process.ts';
import { tone, wavOf } from '../server/sounds.ts';
import { Visitor } from '../server/visitor.ts';
import { until } from '../services/until.ts';
import { decentAnswer, type ModelHost, makeModelFolder, noiseBytes, startModelHost } from '../support/model-host.ts';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';

const adminKey = 'sesame-of-the-operator';
const files = { 'extra/weights.onnx': noiseBytes(400_000) };

/** What a person sees and does on the page "Hệ thống", in Vietnamese. */
function onSystemPage(page: Page) {
  const admin = page.getByRole('region', { name: 'Vận hành' });
  return {
    now: page.getByRole('region', { name: 'Lúc này' }),
    models: page.getByRole('region', { name: 'Mô hình trên máy chủ' }),
    device: page.getByRole('region', { name: 'Trên máy này' }),
    admin,
    dialog: page.getByRole('dialog'),
    /** The current value of a line, as the table below its chart says. */
    value: (chart: string, line: string) =>
      page.getByRole('table', { name: chart }).getByRole('row', { name: line }).getByRole('cell'),
    async unlock(key: string): Promise<void> {
      await admin.getByLabel('Khóa quản trị').fill(key);
      await admin.getByRole('button', { name: 'Mở khóa' }).click();
    },
  };
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.skipIf(missingBrowser !== undefined)('the page of the system', () => {
  let bench: TestBench;
  let folder: Awaited<ReturnType<typeof makeDataFolder>>;
  let modelFolder: Awaited<ReturnType<typeof makeModelFolder>>;
  let modelHost: ModelHost;
  let server: ServerProcess;
  const rest = Promise.withResolvers<void>();

  beforeAll(async () => {
    bench = await openBench();
    folder = await makeDataFolder();
    modelFolder = await makeModelFolder(files);
    modelHost = startModelHost((request) => ({
      ...decentAnswer(request, files['extra/weights.onnx']),
      hold: rest.promise,
    }));
    server = await startServerProcess(folder.path, {
      GIONG_ADMIN_KEY: adminKey,
      GIONG_MODELS: modelFolder.path,
      MODELS_BASE_URL: `${modelHost.url}/`,
    });
  }, patience);
  afterAll(async () => {
    await bench?.close();
    await server?.stop();
    modelHost?.[Symbol.dispose]();
    await modelFolder?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  }, patience);

  async function open(options: Parameters<TestBench['openPage']>[0] = {}) {
    const { page } = await bench.openPage(options);
    // What broke off when the page of the other server was left is no problem of this one.
    const problems: string[] = [];
    await page.goto(server.url);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.getByRole('link', { name: 'Hệ thống' }).click();
    await page.getByRole('heading', { name: 'Hệ thống', level: 1 }).waitFor();
    return { page, problems, system: onSystemPage(page) };
  }

  test(
    'follows what the server does, in charts and in words, for anybody',
    async () => {
      const { page, problems, system } = await open();
      await system.value('Hàng đợi', 'Tác vụ chờ').getByText('0', { exact: true }).waitFor();
      await system.value('Thời gian xử lý', 'Nửa số tác vụ').getByText('chưa có').waitFor();
      const visitor = new Visitor(server);
      const jobs: string[] = [];
      for (const seconds of [30, 31, 32]) {
        const { id: source }: Upload = await visitor.upload(wavOf(tone(seconds)), 'tone.wav');
        jobs.push((await visitor.convert({ source, voice: 'sample-1688' })).id);
      }
      await system.value('Hàng đợi', 'Tác vụ đang chạy').getByText('1', { exact: true }).waitFor();
      await system.now.getByText('1 / 1', { exact: true }).waitFor();
      await until('all to end', async () => {
        const ends = await Promise.all(jobs.map((id) => visitor.job(id)));
        return ends.every(({ status }) => status === 'done');
      });
      await system.value('Thời gian xử lý', 'Nửa số tác vụ').getByText('giây').waitFor();
      await system.value('Thông lượng', 'Tác vụ mỗi phút').filter({ hasNotText: /^0$/ }).waitFor();
      const cores = page.getByRole('table', { name: 'CPU theo nhân' }).getByRole('row', { name: /^Nhân \d/ });
      expect(await cores.count()).toBe(cpus().length);
      // Each chart draws something in its lines' colours, as soon as it has two moments to draw between.
      const drawn = () =>
        page.locator('canvas').evaluateAll((canvases) =>
          canvases.map((canvas) => {
            if (!(canvas instanceof HTMLCanvasElement)) return false;
            // From a copy: the chart's own canvas is not made for being read again and again.
            const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
              willReadFrequently: true,
            });
            copy?.drawImage(canvas, 0, 0);
            const pixels = copy?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
            for (let at = 0; at < pixels.length; at += 4) {
              const [red = 0, green = 0, blue = 0, alpha = 0] = pixels.slice(at, at + 4);
              if (alpha > 200 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) return true;
            }
            return false;
          }),
        );
      await until('five charts to be drawn', async () => {
        const charts = await drawn();
        return charts.length === 5 && charts.every(Boolean);
      });
      // What only the operator needs is not here.
      expect(await page.getByText('Các máy').count()).toBe(0);
      expect(await page.getByRole('button', { name: 'Dọn hàng đợi' }).count()).toBe(0);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'lets the operator scale, clear the queue and download a model, and keeps the key nowhere',
    async () => {
      const { page, system } = await open();
      await system.unlock('đoán');
      await system.admin.getByRole('alert').waitFor();
      expect(await system.models.getByRole('button', { name: /^Tải/ }).count()).toBe(0);
      await system.unlock(adminKey);
      await system.admin.getByRole('table', { name: 'Các máy' }).waitFor();

      const workers = system.admin.getByRole('spinbutton', { name: 'Số luồng của cả hệ thống' });
      expect(await workers.inputValue()).toBe('1');
      await workers.fill('2');
      await system.admin.getByRole('button', { name: 'Áp dụng' }).click();
      await system.admin.getByText('Hệ thống sẽ chạy 2 luồng.').waitFor();
      await system.now.getByText('0 / 2', { exact: true }).waitFor();

      const visitor = new Visitor(server);
      const jobs: string[] = [];
      for (const seconds of [300, 301, 302]) {
        const { id: source } = await visitor.upload(wavOf(tone(seconds)), 'long.wav');
        jobs.push((await visitor.convert({ source, voice: 'sample-1688' })).id);
      }
      await system.admin.getByRole('button', { name: 'Dọn hàng đợi' }).click();
      await system.dialog.getByLabel('Hủy cả tác vụ đang chạy').check();
      expect(await accessibilityProblems(page)).toEqual([]);
      await system.dialog.getByRole('button', { name: 'Dọn hàng đợi' }).click();
      await system.admin.getByText('Đã hủy 3 tác vụ.').waitFor();
      await system.admin.getByRole('button', { name: 'Về cấu hình' }).click();
      await system.now.getByText(/\/ 1$/).waitFor();
      for (const id of jobs) expect((await visitor.job(id)).status).toBe('cancelled');

      await system.models.getByRole('button', { name: /^Tải .* về máy chủ/ }).click();
      await system.models.getByRole('progressbar').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
      rest.resolve();
      await system.models.getByText('đã tải', { exact: true }).waitFor();
      const { models } = await visitor.json<ModelList>('/api/models');
      expect(models.find(({ id }: Model) => id === 'extra')?.state).toBe('installed');

      const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
      );
      expect(kept).not.toContain(adminKey);
      await page.reload();
      await system.admin.getByLabel('Khóa quản trị').waitFor();
    },
    patience,
  );

  test(
    'tells what is kept on this device, and removes it',
    async () => {
      const { page, problems, system } = await open({ keepsApp: true });
      await page.getByText('Dùng được cả khi không có mạng.').waitFor();
      await page.reload();
      await system.device.getByText('Mô hình', { exact: true }).waitFor();
      const names = () => page.evaluate(() => caches.keys());
      expect((await names()).some((name) => name.startsWith('giong-'))).toBe(true);
      await system.device.getByText('WebAssembly SIMD').waitFor();
      await system.device.getByRole('button', { name: 'Xóa bản lưu ứng dụng' }).click();
      await system.dialog.getByRole('button', { name: 'Xóa bản lưu ứng dụng' }).click();
      await system.device.getByText('Đã xóa bản lưu ứng dụng.').waitFor();
      await system.device.getByText('Chưa giữ gì trên máy này.').waitFor();
      expect((await names()).filter((name) => name.startsWith('giong-'))).toEqual([]);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'deletes all data of the visitor, there and here, once they have typed that they want it',
    async () => {
      const { page, system } = await open();
      await page.evaluate(async () => {
        await fetch('/api/session');
        localStorage.setItem('giong.place', 'server');
        await new Promise((resolve, reject) => {
          const request = indexedDB.open('giong-thu');
          request.onerror = reject;
          request.onupgradeneeded = () => request.result.createObjectStore('voices').put('một giọng', 1);
          request.onsuccess = resolve;
        });
        const form = new FormData();
        const recording = await (await fetch('/api/samples/sample-vietnamese/audio')).blob();
        form.append('file', recording, 'a.flac');
        await fetch('/api/uploads', { method: 'POST', body: form });
      });
      const uploads = () => page.evaluate(async () => (await (await fetch('/api/uploads')).json()).uploads.length);
      expect(await uploads()).toBe(1);
      const otherTab = await page.context().newPage();
      await otherTab.goto(`${new URL(page.url()).origin}/voices`);
      await otherTab.getByRole('heading', { level: 1 }).waitFor();

      await system.device.getByRole('button', { name: 'Xóa mọi dữ liệu của tôi' }).click();
      const confirm = system.dialog.getByRole('button', { name: 'Xóa vĩnh viễn' });
      expect(await confirm.isDisabled()).toBe(true);
      await system.dialog.getByLabel('Gõ “xóa hết” để xác nhận').fill('xóa');
      await page.keyboard.press('Enter');
      expect(await uploads()).toBe(1);
      await system.dialog.getByLabel('Gõ “xóa hết” để xác nhận').fill('Xóa hết');
      await confirm.click();
      await onConvertPage(page).convertButton.waitFor();
      await onConvertPage(otherTab).convertButton.waitFor();
      expect(await uploads()).toBe(0);
      const kept = await page.evaluate(async () => [
        await new Promise((resolve, reject) => {
          const request = indexedDB.open('giong-thu');
          request.onerror = reject;
          request.onsuccess = () => {
            const count = request.result.transaction('voices').objectStore('voices').count();
            count.onsuccess = () => resolve(count.result);
          };
        }),
        localStorage.getItem('giong.place'),
      ]);
      expect(kept).toEqual([0, null]);
    },
    patience,
  );

  test(
    'says so when the server is away, keeps the last figures, and goes on by itself',
    async () => {
      const { page, system } = await open();
      await system.value('Bộ nhớ', 'Riêng Giọng').getByText('MB').waitFor();
      await page.route(/\/api\//, (route) => route.abort());
      await page.getByRole('alert').getByText('Mất liên lạc với máy chủ').waitFor();
      expect(await system.value('Bộ nhớ', 'Riêng Giọng').textContent()).toContain('MB');
      await page.unroute(/\/api\//);
      await page.getByRole('alert').waitFor({ state: 'detached' });
    },
    patience,
  );

  for (const colorScheme of ['light', 'dark'] as const) {
    test(
      `has nothing that axe objects to, in ${colorScheme}, and fits a phone`,
      async () => {
        const viewport = { width: 390, height: 844 };
        const { page, system } = await open({ colorScheme, reducedMotion: 'reduce', viewport });
        await system.value('Bộ nhớ', 'Riêng Giọng').getByText('MB').waitFor();
        await system.unlock(adminKey);
        await system.admin.getByRole('table', { name: 'Các máy' }).waitFor();
        expect(await accessibilityProblems(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        await page.getByRole('button', { name: 'English' }).click();
        await page.getByRole('heading', { name: 'System', level: 1 }).waitFor();
        expect(await overflow(page)).toBe(0);
        await page.getByRole('button', { name: 'Delete all my data' }).click();
        await system.dialog.waitFor();
        expect(await accessibilityProblems(page)).toEqual([]);
      },
      patience,
    );
  }
});
