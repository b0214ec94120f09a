import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { missingBrowser, openBench, patience, type TestBench } from './harness.ts';

describe.skipIf(missingBrowser !== undefined)("the API's page", () => {
  let bench: TestBench;
  beforeAll(async () => {
    bench = await openBench();
  }, patience);
  afterAll(() => bench?.close());

  test(
    'shows every group of routes and tries one, under the policy of the server, asking nobody else',
    async () => {
      const { page, problems } = await bench.openPage();
      // What the app still asks for would be broken off by going on.
      await page.waitForLoadState('networkidle');
      const hosts = new Set<string>();
      page.on('request', (request) => hosts.add(new URL(request.url()).host));
      await page.goto(`${bench.url}/api/docs`);
      await page.getByRole('heading', { name: 'Giọng' }).waitFor();
      for (const group of ['Session', 'Recordings', 'Conversions', 'Voices', 'Models', 'Service']) {
        await page.locator(`#operations-tag-${group}`).waitFor();
      }
      const operation = page.locator('#operations-Models-getModels');
      await operation.locator('.opblock-summary-control').click();
      await operation.getByRole('button', { name: 'Try it out' }).click();
      await operation.getByRole('button', { name: 'Execute' }).click();
      await operation.locator('.live-responses-table').getByText('swift-f0').first().waitFor();
      expect([...hosts]).toEqual([new URL(bench.url).host]);
      expect(problems).toEqual([]);
    },
    patience,
  );
});
