import { expect, test } from 'bun:test';
import type { Batch, Job, WebhookDeliveryList } from '#server/http/api-types.ts';
import { until } from '../services/until.ts';
import { isSignedWith, WebhookReceiver } from '../support/webhook-receiver.ts';
import { makeDataFolder, startServerProcess } from './server-process.ts';
import { problemOf, Visitor } from './visitor.ts';

const good = { source: 'sample-vietnamese', voice: 'sample-1688' };

test('a job that ends is told of, signed with the session’s secret', async () => {
  await using folder = await makeDataFolder();
  const server = await startServerProcess(folder.path, { GIONG_WEBHOOK_PRIVATE: 'true' });
  try {
    using receiver = new WebhookReceiver();
    const visitor = new Visitor(server);
    const { secret } = await visitor.json<{ secret: string }>('/api/webhooks/secret');
    const { secret: others } = await new Visitor(server).json<{ secret: string }>('/api/webhooks/secret');
    const { id } = await visitor.convert({ ...good, webhook: receiver.url });
    const [received] = await receiver.until(1);
    expect(received?.headers.get('X-Giong-Event')).toBe('job.done');
    expect(received && isSignedWith(received, secret)).toBe(true);
    expect(received && isSignedWith(received, others)).toBe(false);
    expect(JSON.parse(received?.body ?? '')).toEqual(await visitor.job(id));

    // One whose result is there already has ended before anybody took it.
    const again = await visitor.convert({ ...good, webhook: receiver.url });
    const [, second] = await receiver.until(2);
    expect(JSON.parse(second?.body ?? '') as Job).toMatchObject({ id: again.id, cached: true });

    const response = await visitor.post('/api/batches', {
      sources: ['sample-vietnamese', 'sample-english'],
      voice: 'sample-3080',
      webhook: receiver.url,
    });
    const { id: batchId } = (await response.json()) as Batch;
    const [, , third] = await receiver.until(3);
    expect(third?.headers.get('X-Giong-Event')).toBe('batch.done');
    expect(JSON.parse(third?.body ?? '')).toEqual(await visitor.json<Batch>(`/api/batches/${batchId}`));

    await until('all are noted', async () => {
      const { deliveries } = await visitor.json<WebhookDeliveryList>('/api/webhooks/deliveries');
      return (
        deliveries.map((one) => [one.subjectId, one.status].join()).join(' ') ===
        [batchId, again.id, id].map((one) => `${one},delivered`).join(' ')
      );
    });
    expect(await new Visitor(server).json<WebhookDeliveryList>('/api/webhooks/deliveries')).toEqual({ deliveries: [] });
  } finally {
    await server.stop();
  }
}, 30_000);

test('a delivery that failed is made after SIGKILL and a new start, with the operator’s secret', async () => {
  await using folder = await makeDataFolder();
  const environment = { GIONG_WEBHOOK_PRIVATE: 'true', GIONG_WEBHOOK_SECRET: 'sesame' };
  using receiver = new WebhookReceiver((before) => new Response(null, { status: before === 0 ? 503 : 200 }));
  const first = await startServerProcess(folder.path, environment);
  const visitor = new Visitor(first);
  const { id } = await visitor.convert({ ...good, webhook: receiver.url });
  expect(await problemOf(await visitor.fetch('/api/webhooks/secret'))).toMatchObject({ status: 404 });
  await first.logged('webhook failed');
  await first.kill();

  const second = await startServerProcess(folder.path, environment);
  try {
    const received = await receiver.until(2);
    expect(received.map(({ body }) => (JSON.parse(body) as Job).id)).toEqual([id, id]);
    expect(received.every((one) => isSignedWith(one, 'sesame'))).toBe(true);
    await second.logged('webhook delivered');
  } finally {
    await second.stop();
  }
}, 30_000);

test('addresses that are not of the public internet are refused', async () => {
  await using folder = await makeDataFolder();
  const server = await startServerProcess(folder.path, { GIONG_WORKERS: '0' });
  try {
    using receiver = new WebhookReceiver();
    const visitor = new Visitor(server);
    for (const webhook of [receiver.url, receiver.namedUrl, 'http://[::1]/', 'http://a:b@example.com/']) {
      expect(await problemOf(await visitor.post('/api/convert', { ...good, webhook }))).toMatchObject({
        status: 400,
        code: 'webhook-refused',
      });
    }
    for (const webhook of ['ftp://example.com/', 'example.com', 7]) {
      const response = await visitor.post('/api/batches', { sources: [good.source], voice: good.voice, webhook });
      expect(await problemOf(response)).toMatchObject({ status: 400, code: 'request-invalid' });
    }
  } finally {
    await server.stop();
  }
});
