import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Upload, UploadList } from '#server/http/api-types.ts';
import { isInstalled, needs } from '../services/programs.ts';
import { type RedisServer, startRedis } from '../services/redis.ts';
import { makeDataFolder, noLimits, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile } from './sounds.ts';
import { Visitor } from './visitor.ts';

/** Two servers on one data folder and one Redis. */
describe.skipIf(!isInstalled('redis-server'))(`two replicas${needs('redis-server')}`, () => {
  let redis: RedisServer;
  let folder: Awaited<ReturnType<typeof makeDataFolder>>;
  let servers: readonly [ServerProcess, ServerProcess];
  beforeAll(async () => {
    redis = await startRedis();
    folder = await makeDataFolder();
    const start = () =>
      startServerProcess(folder.path, {
        ...{ ...noLimits, GIONG_RATE_GENERAL: '6/3600', GIONG_USERS_PER_ADDRESS: '100' },
        ...{ REDIS_URL: redis.url, GIONG_WORKERS: '0' },
      });
    servers = [await start(), await start()];
  }, 60_000);
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await redis.stop();
    await folder[Symbol.asyncDispose]();
  });

  /** A visitor who comes to both, with one cookie. */
  async function arrive(): Promise<readonly [Visitor, Visitor]> {
    const first = new Visitor(servers[0]);
    await first.fetch('/api/session');
    return [first, new Visitor(servers[1], 'vi', first.cookie)];
  }

  const statuses = async (visitor: Visitor, times: number) => {
    const all = [];
    for (let i = 0; i < times; i++) all.push((await visitor.fetch('/api/jobs')).status);
    return all;
  };

  test('do a request once that both get at once', async () => {
    const [first, second] = await arrive();
    const send = (visitor: Visitor) => {
      const form = new FormData();
      form.append('file', new File([sampleFile('recordings/english.flac')], 'a.flac'));
      return visitor.fetch('/api/uploads', { method: 'POST', headers: { 'Idempotency-Key': 'k' }, body: form });
    };
    const together = await Promise.all([first, second, first, second].map(send));
    expect(together.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
    const { id } = (await (await send(second)).json()) as Upload;
    for (const response of together) if (response.status === 201) expect(await response.json()).toMatchObject({ id });
    expect((await first.json<UploadList>('/api/uploads')).uploads.map((upload) => upload.id)).toEqual([id]);
  });

  test('count the requests of a user together, and go on without Redis', async () => {
    const [first, second] = await arrive();
    expect(await statuses(first, 3)).toEqual([200, 200, 200]);
    expect(await statuses(second, 4)).toEqual([200, 200, 200, 429]);
    expect(await statuses(first, 1)).toEqual([429]);

    const [third, fourth] = await arrive();
    redis.service.pause();
    try {
      const paths = ['/api/session', '/api/uploads'];
      for (const path of paths) {
        for (const visitor of [third, fourth]) expect((await visitor.fetch(path)).status).toBe(200);
      }
    } finally {
      redis.service.resume();
    }
  }, 60_000);
});
