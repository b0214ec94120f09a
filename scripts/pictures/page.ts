/** Makes docs/pictures/page.png: the page after a first conversion. Needs Chromium and a built client (`npm run build`). */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { parseConfig } from '#server/config.ts';
import { startServer } from '#server/main.ts';

const picture = join(import.meta.dir, '../../docs/pictures/page.png');
const dataFolder = await mkdtemp(join(tmpdir(), 'giong-picture-'));
const server = await startServer(parseConfig({}, { port: '0', host: '127.0.0.1', dataFolder, workers: '1' }));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Chuyển giọng', exact: true }).click();
  await page.getByRole('heading', { name: 'Kết quả' }).waitFor();
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: picture, fullPage: true, animations: 'disabled' });
} finally {
  await browser.close();
  await server.stop();
  await rm(dataFolder, { recursive: true, force: true });
}
