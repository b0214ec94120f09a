import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../services/until.ts';
import { accessibilityProblems } from './accessibility.ts';
import { expectConversion } from './expect-conversion.ts';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';
import { readSample } from './sound.ts';

const source = await readSample('recordings/vietnamese.flac');
const voice = await readSample('voices/3080.flac');

/** How each example is run, as its page says. */
const runners = {
  curl: { file: 'example.sh', command: ['bash', '-eu', 'example.sh'], program: 'curl' },
  TypeScript: { file: 'example.ts', command: [process.execPath, 'example.ts'], program: process.execPath },
  Python: { file: 'example.py', command: ['python3', '-I', 'example.py'], program: 'python3' },
} as const;

/** What a person sees and does on the page "Khóa API", in Vietnamese. */
function onKeysPage(page: Page) {
  const list = page.getByRole('region', { name: 'Khóa của bạn' });
  const created = page.getByRole('region', { name: 'Tạo khóa mới' });
  const examples = page.getByRole('region', { name: 'Dùng thử' });
  const nameField = page.getByRole('textbox', { name: 'Tên khóa' });
  return {
    list,
    examples,
    nameField,
    createButton: page.getByRole('button', { name: 'Tạo khóa' }),
    revokeButton: (name: string) => list.getByRole('button', { name: `Thu hồi khóa ${name}` }),
    dialog: page.getByRole('dialog'),
    /** Makes a key as a person would; what the page shows of it. */
    async create(name: string): Promise<string> {
      await nameField.fill(name);
      await nameField.press('Enter');
      await created.getByRole('heading', { name: `Khóa “${name}” đã sẵn sàng` }).waitFor();
      return (await created.locator('code').textContent()) ?? '';
    },
    async exampleIn(language: keyof typeof runners): Promise<string> {
      await examples.getByText(language, { exact: true }).click();
      await examples.getByRole('heading', { name: `Mã ví dụ ${language}` }).waitFor();
      return (await examples.locator('pre').textContent()) ?? '';
    },
  };
}

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe.skipIf(missingBrowser !== undefined)('the page of API keys', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  async function open(options: Parameters<TestBench['openPage']>[0] = {}) {
    const { page, problems } = await bench.openPage(options);
    await page.getByRole('link', { name: 'Khóa API' }).click();
    await page.getByRole('heading', { name: 'Khóa API', level: 1 }).waitFor();
    return { page, problems, keys: onKeysPage(page) };
  }

  const withKey = (key: string) => fetch(`${bench.url}/api/keys`, { headers: { Authorization: `Bearer ${key}` } });

  test(
    'makes a key that opens the workspace, shows it once, and revokes it when told twice',
    async () => {
      const { page, problems, keys } = await open();
      await keys.list.getByText('Chưa có khóa nào.').waitFor();
      const key = await keys.create('Máy ở phòng thu');
      expect(key).toStartWith('giong_');
      expect((await withKey(key)).status).toBe(200);
      await keys.list.getByText(`kết thúc bằng …${key.slice(-4)}`).waitFor();

      await page.reload();
      await keys.list.getByText('Máy ở phòng thu', { exact: true }).waitFor();
      expect(await page.content()).not.toContain(key);

      await keys.revokeButton('Máy ở phòng thu').click();
      await keys.dialog.getByText('bị từ chối ngay').waitFor();
      await page.keyboard.press('Escape');
      await keys.dialog.waitFor({ state: 'detached' });
      expect((await withKey(key)).status).toBe(200);

      await keys.revokeButton('Máy ở phòng thu').click();
      await keys.dialog.getByRole('button', { name: 'Thu hồi' }).click();
      await keys.list.getByText('Đã thu hồi khóa “Máy ở phòng thu”.').waitFor();
      await keys.list.getByText('Chưa có khóa nào.').waitFor();
      expect((await withKey(key)).status).toBe(401);
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'has examples that convert a recording, just as they stand on the page',
    async () => {
      const { page, problems, keys } = await open();
      const key = await keys.create('Ví dụ');
      const folder = await mkdtemp(join(tmpdir(), 'giong-examples-'));
      try {
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          keys.examples.getByRole('link', { name: 'Tải bản ghi mẫu' }).click(),
        ]);
        await download.saveAs(join(folder, download.suggestedFilename()));
        for (const [language, { file, command, program }] of Object.entries(runners)) {
          if (!Bun.which(program)) {
            console.warn(`${program} is missing: the example in ${language} is not run`);
            continue;
          }
          const code = await keys.exampleIn(language as keyof typeof runners);
          expect(code).toContain(key);
          expect(code).toContain(bench.url);
          await Bun.write(join(folder, file), code);
          const run = Bun.spawn([...command], { cwd: folder, stdout: 'pipe', stderr: 'pipe' });
          const said = await new Response(run.stderr).text();
          expect(await run.exited, said).toBe(0);
          const result = Bun.file(join(folder, 'ket-qua.wav'));
          await expectConversion(await result.bytes(), { source, voice });
          await result.delete();
        }
      } finally {
        await rm(folder, { recursive: true });
      }
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'copies what it shows, and leads to the documentation of the API',
    async () => {
      const { page, problems, keys } = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
      const code = await keys.exampleIn('Python');
      expect(code).toContain('KHOA_CUA_BAN');
      await keys.examples.getByRole('button', { name: 'Sao chép' }).click();
      await keys.examples.getByRole('button', { name: 'Đã chép' }).waitFor();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(code);
      await keys.examples.getByRole('link', { name: 'Tài liệu API' }).click();
      await page.getByText('/api/convert', { exact: true }).first().waitFor();
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'says what is wrong when the server is away, keeps what was typed, and goes on when it is back',
    async () => {
      const { page, keys } = await open();
      await page.route(/\/api\/keys/, (route) => route.abort());
      await keys.nameField.fill('Điện thoại');
      await keys.createButton.click();
      await page.getByRole('alert').getByText('Không liên lạc được với máy chủ').waitFor();
      expect(await keys.nameField.inputValue()).toBe('Điện thoại');
      await page.unroute(/\/api\/keys/);
      await keys.createButton.click();
      await keys.revokeButton('Điện thoại').waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    },
    patience,
  );

  test(
    'tells how a webhook stands that a program has asked for',
    async () => {
      const { page, problems } = await open({ viewport: { width: 390, height: 844 } });
      const deliveries = page.getByRole('region', { name: 'Webhook' });
      await deliveries.getByText('Chưa có yêu cầu nào kèm webhook.').waitFor();
      await page.evaluate(() =>
        fetch('/api/convert', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({
            source: 'sample-vietnamese',
            voice: 'sample-1688',
            webhook: 'https://hook.invalid/nghe',
          }),
        }).then((response) => response.text()),
      );
      await page.reload();
      await deliveries.getByText('https://hook.invalid/nghe').waitFor();
      await until('nobody was reached', async () => {
        await deliveries.getByRole('button', { name: 'Xem lại' }).click();
        return (await deliveries.getByText(/đã gọi 1 lần · không kết nối được · gọi lại/).count()) === 1;
      });
      expect(await overflow(page)).toBe(0);
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(problems).toEqual([]);
    },
    patience,
  );

  for (const colorScheme of ['light', 'dark'] as const) {
    test(
      `has nothing that axe objects to, in ${colorScheme}, and fits a phone`,
      async () => {
        const viewport = { width: 390, height: 844 };
        const { page, keys } = await open({ colorScheme, reducedMotion: 'reduce', viewport });
        expect(await accessibilityProblems(page)).toEqual([]);
        await keys.create('Một cái tên dài đến mức không thể nằm gọn trên một dòng của màn hình điện thoại');
        await keys.exampleIn('Python');
        expect(await overflow(page)).toBe(0);
        expect(await accessibilityProblems(page)).toEqual([]);
        await page.getByRole('button', { name: 'English' }).click();
        await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
        expect(await overflow(page)).toBe(0);
        await page.getByRole('button', { name: /^Revoke the key/ }).click();
        await keys.dialog.waitFor();
        expect(await accessibilityProblems(page)).toEqual([]);
      },
      patience,
    );
  }
});
