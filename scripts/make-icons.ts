/** Draws the icons of the installed app, `client/public/icons/`, from the one drawing of the sign. Needs Debian's Chromium. */
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const root = join(import.meta.dir, '..');
const drawing = await Bun.file(join(root, 'client/src/styles/icon.svg')).text();

/** Colour of the sign's tile: a maskable icon is cut to any shape, so it has to reach every edge. */
const tile = '#10201c';
/** A maskable icon keeps what matters within a circle of 80 % of its width (W3C, Web Application Manifest). */
const safeShare = 0.8;

const icons = [
  { name: 'icon-192', size: 192, share: 1, background: 'transparent' },
  { name: 'icon-512', size: 512, share: 1, background: 'transparent' },
  { name: 'icon-maskable-512', size: 512, share: safeShare, background: tile },
];

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
for (const { name, size, share, background } of icons) {
  await page.setViewportSize({ width: size, height: size });
  const image = `data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')}`;
  await page.setContent(
    `<body style="margin:0;display:grid;place-items:center;height:100vh;background:${background}">
       <img src="${image}" style="width:${share * 100}%" alt="">`,
  );
  await page.getByRole('presentation').evaluate((element: HTMLImageElement) => element.decode());
  await page.screenshot({ path: join(root, `client/public/icons/${name}.png`), omitBackground: true });
}
await browser.close();
