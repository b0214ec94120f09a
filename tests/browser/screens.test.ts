import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { accessibilityProblems } from './accessibility.ts';
import { missingBrowser, openBench, patience, projectRoot, type TestBench } from './harness.ts';

/** Where the pictures of all screens lie afterwards, for whoever wants to look at them. */
const pictures = join(projectRoot, 'tests', 'out', 'screens');

const viewports = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

describe.skipIf(missingBrowser !== undefined)('every screen', () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
    console.log(`pictures of every screen: ${pictures}`);
  }, patience);
  afterAll(() => bench?.close());

  for (const [device, viewport] of Object.entries(viewports)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(
        `on a ${device} in ${colorScheme}: fits, has one heading of its own, nothing that axe objects to, and no error`,
        async () => {
          const { page, problems } = await bench.openPage({ viewport, colorScheme, reducedMotion: 'reduce' });
          const links = page.getByRole('navigation', { name: 'Các trang' }).getByRole('link');
          const titles = new Set<string>();
          for (const link of await links.all()) {
            const path = (await link.getAttribute('href')) ?? '';
            await link.click();
            // The address changes together with the screen, once its code is there.
            await page.waitForURL((url) => url.pathname === path);
            await page.locator('main h1').waitFor();
            await page.waitForLoadState('networkidle');
            expect(await page.locator('main h1').count(), path).toBe(1);
            expect(await link.getAttribute('aria-current'), path).toBe('page');
            titles.add(await page.title());
            const overflow = await page.evaluate(
              () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
            );
            expect(overflow, path).toBe(0);
            expect(await accessibilityProblems(page), path).toEqual([]);
            const name = path === '/' ? 'convert' : path.slice(1);
            await page.screenshot({ path: join(pictures, `${name}-${device}-${colorScheme}.png`), fullPage: true });
          }
          expect(titles.size).toBe(await links.count());
          expect(problems).toEqual([]);
        },
        patience,
      );
    }
  }
});
