import { expect, test } from 'bun:test';
import { networkInterfaces } from 'node:os';
import { createLogger } from '../observe/log.ts';
import { startWorkerReports } from './worker-reports.ts';

const metrics = { report: async () => 'giong_up 1\n', contentType: 'text/plain; version=0.0.4' };
const log = createLogger('silent');
const open = (isReady: () => boolean) =>
  startWorkerReports({ host: '0.0.0.0', metricsPort: 0, adminKey: 'sesame' }, { metrics, isReady }, log);

test('nothing listens where no port is configured', () => {
  const none = { host: '0.0.0.0', metricsPort: undefined, adminKey: undefined };
  expect(startWorkerReports(none, { metrics, isReady: () => true }, log)).toBeUndefined();
});

test('it is healthy once its engine is loaded', async () => {
  let isReady = false;
  const server = open(() => isReady);
  const status = async (path: string) => (await fetch(`http://127.0.0.1:${server?.port}${path}`)).status;
  expect(await status('/health')).toBe(503);
  isReady = true;
  expect(await status('/health')).toBe(204);
  expect(await status('/api/jobs')).toBe(404);
  await server?.stop(true);
});

const others = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ family, internal }) => family === 'IPv4' && !internal);

test('measures are for this machine itself', async () => {
  const server = open(() => true);
  const response = await fetch(`http://127.0.0.1:${server?.port}/metrics`);
  expect(response.headers.get('Content-Type')).toBe(metrics.contentType);
  expect(await response.text()).toBe('giong_up 1\n');
  await server?.stop(true);
});

test.skipIf(others.length === 0)('others need the admin key', async () => {
  const server = open(() => true);
  const ask = (headers: Record<string, string> = {}) =>
    fetch(`http://${others[0]?.address}:${server?.port}/metrics`, { headers });
  expect((await ask()).status).toBe(401);
  expect((await ask({ Authorization: 'Bearer guess' })).status).toBe(401);
  expect((await ask({ Authorization: 'Bearer sesame' })).status).toBe(200);
  await server?.stop(true);
});
