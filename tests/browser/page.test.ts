import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { accessibilityProblems } from './accessibility.ts';
import { onConvertPage } from './convert-page.ts';
import { missingBrowser, openBench, patience, projectRoot, type TestBench } from './harness.ts';

/** Drops a file on an element, as a person would from the desktop. */
async function dropFile(page: Page, selector: string, name: string, type: string, content: string): Promise<void> {
  const transfer = await page.evaluateHandle(
    (file) => {
      const made = new DataTransfer();
      made.items.add(new File([file.content], file.name, { type: file.type }));
      return made;
    },
    { name, type, content },
  );
  await page.dispatchEvent(selector, 'drop', { dataTransfer: transfer });
}

/** Presses Tab until the element with the focus has this role and name. Gives up when the focus has gone round. */
async function tabTo(page: Page, role: string, name: RegExp): Promise<void> {
  const mostStops = 60;
  for (let stop = 0; stop < mostStops; stop += 1) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 0) continue;
    if (
      (await page
        .getByRole(role as 'button', { name })
        .and(focused)
        .count()) > 0
    )
      return;
  }
  throw new Error(`no ${role} ${name} comes within ${mostStops} presses of Tab`);
}

describe.skipIf(missingBrowser !== undefined)('the page', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  test(
    'fits a phone without scrolling sideways, in both languages, with everything unfolded',
    async () => {
      const { page, problems } = await bench.openPage({ viewport: { width: 390, height: 844 } });
      await page.getByText('Tùy chọn').click();
      await page.getByRole('slider', { name: 'Mức chuyển giọng' }).waitFor();
      const overflow = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(await overflow()).toBe(0);
      await page.getByRole('button', { name: 'English' }).click();
      await page.getByRole('button', { name: 'Convert voice' }).waitFor();
      expect(await overflow()).toBe(0);
      expect(problems).toEqual([]);
    },
    patience,
  );

  for (const colorScheme of ['light', 'dark'] as const) {
    test(
      `has nothing that axe objects to, in ${colorScheme}, before, while and after converting`,
      async () => {
        const { page } = await bench.openPage({ colorScheme, reducedMotion: 'reduce' });
        const convertPage = onConvertPage(page);
        await page.getByText('Tùy chọn').click();
        await page.getByRole('slider', { name: 'Mức chuyển giọng' }).waitFor();
        expect(await accessibilityProblems(page)).toEqual([]);
        await page.route(/\/api\/convert$/, () => undefined);
        await convertPage.choosePlace('Máy chủ');
        await convertPage.convertButton.click();
        await convertPage.progressBar.waitFor();
        expect(await accessibilityProblems(page)).toEqual([]);
        await page.getByRole('button', { name: 'Hủy' }).click();
        await page.unroute(/\/api\/convert$/);
        await convertPage.convertButton.click();
        await convertPage.resultFrom('Chạy trên máy chủ');
        expect(await accessibilityProblems(page)).toEqual([]);
        await page.route(/\/api\//, (route) => route.abort());
        await convertPage.convertButton.click();
        await convertPage.problem.waitFor();
        expect(await accessibilityProblems(page)).toEqual([]);
      },
      patience,
    );
  }

  test(
    'can be used before its sample has come and before the server has answered',
    async () => {
      const { page } = await bench.openPage();
      await page.route(/\.flac$|\/api\//, () => undefined);
      await page.reload();
      const { source, voice, convertButton } = onConvertPage(page);
      await source.getByText('Đang đọc tệp…').waitFor();
      await voice.locator('label', { hasText: 'Giọng nam 2' }).click();
      expect(await page.getByRole('radio', { name: /^Giọng nam 2/ }).isChecked()).toBe(true);
      expect(await source.getByText('Chọn tệp').isEnabled()).toBe(true);
      expect(await convertButton.isEnabled()).toBe(true);
    },
    patience,
  );

  test(
    'remembers the language',
    async () => {
      const { page } = await bench.openPage();
      await page.getByRole('button', { name: 'English' }).click();
      await page.reload();
      await page.getByRole('heading', { name: 'Source recording' }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
    },
    patience,
  );

  test(
    'can be used by keyboard alone, from choosing a voice to hearing the result',
    async () => {
      const { page, problems } = await bench.openPage();
      const convertPage = onConvertPage(page);
      await tabTo(page, 'radio', /^Giọng nữ 1/);
      await page.keyboard.press('ArrowDown');
      expect(await page.getByRole('radio', { name: /^Giọng nữ 2/ }).isChecked()).toBe(true);
      await tabTo(page, 'radio', /^Tự động/);
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect(await page.getByRole('radio', { name: 'Máy chủ' }).isChecked()).toBe(true);
      await tabTo(page, 'button', /^Chuyển giọng$/);
      await page.keyboard.press('Enter');
      await convertPage.resultFrom('Chạy trên máy chủ');

      // The heading of the result has the focus now, so the keys are the player's.
      await page.keyboard.press('Space');
      await convertPage.result.getByRole('button', { name: 'Dừng' }).waitFor();
      await page.keyboard.press('x');
      expect(await page.getByRole('radio', { name: 'Nguồn' }).isChecked()).toBe(true);
      await page.keyboard.press('X');
      expect(await page.getByRole('radio', { name: 'Giọng mới' }).isChecked()).toBe(true);
      await page.keyboard.press('Space');
      await convertPage.result.getByRole('button', { name: 'Phát' }).waitFor();
      expect(problems).toEqual([]);
    },
    patience,
  );

  test(
    'switches between source and result at the same instant',
    async () => {
      const { page } = await bench.openPage();
      const convertPage = onConvertPage(page);
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy chủ');
      const cursor = convertPage.result.getByRole('slider', { name: 'Vị trí phát, Giọng mới' });
      await cursor.focus();
      for (let second = 0; second < 3; second += 1) await page.keyboard.press('ArrowRight');
      expect(await cursor.getAttribute('aria-valuenow')).toBe('3');
      await page.keyboard.press('x');
      expect(await page.getByRole('radio', { name: 'Nguồn' }).isChecked()).toBe(true);
      for (const track of ['Nguồn', 'Giọng mới']) {
        const position = convertPage.result.getByRole('slider', { name: `Vị trí phát, ${track}` });
        expect(await position.getAttribute('aria-valuenow')).toBe('3');
      }
    },
    patience,
  );

  test(
    'lets one hear a voice before choosing it, one at a time',
    async () => {
      const { page } = await bench.openPage();
      const { voice } = onConvertPage(page);
      await voice.getByRole('button', { name: 'Nghe thử Giọng nữ 1' }).click();
      await voice.getByRole('button', { name: 'Dừng' }).waitFor();
      await voice.getByRole('button', { name: 'Nghe thử Giọng nam 2' }).click();
      await voice.getByRole('button', { name: 'Nghe thử Giọng nữ 1' }).waitFor();
      expect(await voice.getByRole('button', { name: 'Dừng' }).count()).toBe(1);
      await voice.getByRole('button', { name: 'Dừng' }).click();
      await voice.getByRole('button', { name: 'Nghe thử Giọng nam 2' }).waitFor();
      expect(await page.getByRole('radio', { name: /^Giọng nữ 1/ }).isChecked()).toBe(true);
    },
    patience,
  );

  test(
    'says at once what is wrong with a file that is no recording, and converts the next one',
    async () => {
      const { page } = await bench.openPage();
      const convertPage = onConvertPage(page);
      // A drop waits for nothing: there must be a screen that takes it.
      await convertPage.convertButton.waitFor();
      await dropFile(page, '#main', 'thư.txt', 'text/plain', 'Kính gửi quý khách hàng, đây không phải là âm thanh.');
      await convertPage.source.getByText('thư.txt').waitFor();
      await convertPage.problem.getByText('Không đọc được định dạng của tệp này').waitFor();

      await convertPage.choosePlace('Máy chủ');
      await convertPage.convertButton.click();
      await convertPage.problem.filter({ hasText: 'Thử lại' }).waitFor();

      await convertPage.source.getByRole('button', { name: 'Câu tiếng Anh' }).click();
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy chủ');
      expect(await convertPage.problem.count()).toBe(0);
    },
    patience,
  );

  test(
    'stops when told to, and is ready for the next try',
    async () => {
      const { page } = await bench.openPage();
      const convertPage = onConvertPage(page);
      // Holds the answer back, so that there is something to stop however fast the machine is.
      await page.route(/\/api\/convert$/, () => undefined);
      await convertPage.choosePlace('Máy chủ');
      await convertPage.convertButton.click();
      await convertPage.progressBar.waitFor();
      await page.getByRole('button', { name: 'Hủy' }).click();
      await convertPage.convertButton.waitFor();
      expect(await convertPage.problem.count()).toBe(0);
      await page.unroute(/\/api\/convert$/);
      await convertPage.convertButton.click();
      await convertPage.resultFrom('Chạy trên máy chủ');
    },
    patience,
  );

  test(
    'keeps to one ONNX runtime and a small first load',
    async () => {
      const { page } = await bench.openPage();
      await onConvertPage(page).convertButton.waitFor();
      const assets = await Array.fromAsync(new Bun.Glob('*.wasm').scan(join(projectRoot, 'client/dist/assets')));
      expect(assets.filter((asset) => asset.includes('ort-'))).toHaveLength(1);
      const scripts = await page.evaluate(() =>
        performance
          .getEntriesByType('resource')
          .filter((entry) => entry instanceof PerformanceResourceTiming)
          .map(({ name, encodedBodySize }) => ({ path: new URL(name).pathname, bytes: encodedBodySize }))
          .filter(({ path }) => path.endsWith('.js')),
      );
      const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0);
      // As sent, which is compressed.
      expect(bytes).toBeLessThan(70_000);
      expect(bytes).toBeGreaterThan(10_000);
    },
    patience,
  );
});
