import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LiveMessage, Model, ModelList } from '#server/http/api-types.ts';
import { isInstalled, needs } from '../services/programs.ts';
import { startRedis } from '../services/redis.ts';
import {
  decentAnswer,
  type ModelAnswer,
  type ModelHost,
  makeModelFolder,
  noiseBytes,
  sha256Of,
  startModelHost,
} from '../support/model-host.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { problemOf, Visitor } from './visitor.ts';

const large = noiseBytes(400_000);
const small = noiseBytes(1000, 5);
const files = { 'extra/large.onnx': large, 'extra/small.onnx': small };
const admin = { method: 'POST', headers: { Authorization: 'Bearer sesame' } };

/** What the host of the models answers now. */
let answer: (path: keyof typeof files, decent: ModelAnswer) => ModelAnswer;
let host: ModelHost;
let models: Awaited<ReturnType<typeof makeModelFolder>>;
let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  host = startModelHost((request) => {
    const path = request.path.slice('/mirror/'.length) as keyof typeof files;
    return answer(path, decentAnswer(request, files[path], '"1"'));
  });
  models = await makeModelFolder(files);
  folder = await makeDataFolder();
  environment = { GIONG_ADMIN_KEY: 'sesame', GIONG_MODELS: models.path, MODELS_BASE_URL: `${host.url}/mirror/` };
  server = await startServerProcess(folder.path, environment);
});
afterAll(async () => {
  await server.stop();
  host[Symbol.dispose]();
  await models[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function extraOf(visitor: Visitor): Promise<Model | undefined> {
  const { models: list } = await visitor.json<ModelList>('/api/models');
  return list.find(({ id }) => id === 'extra');
}

describe('models', () => {
  test('are listed with what they are, who needs them and whether they are here', async () => {
    const { models: list } = await new Visitor(server).json<ModelList>('/api/models');
    expect(list.map(({ id, state }) => [id, state])).toEqual([
      ['mini', 'embedded'],
      ['swift-f0', 'embedded'],
      ['campplus', 'embedded'],
      ['extra', 'missing'],
    ]);
    expect(list[0]).toMatchObject({
      licence: 'Apache-2.0',
      engines: ['mini'],
      bytes: 844771 + 1217869,
      progress: null,
    });
    expect(list[0]?.files.map(({ path }) => path)).toEqual(['mini/encoder.onnx', 'mini/decoder.onnx']);
    expect(list[2]?.engines).toEqual(['seed-vc-fast', 'seed-vc-base', 'seed-vc-hifi']);
    expect(list.at(-1)).toMatchObject({ engines: [], error: null });
  });

  test('are downloaded by nobody but the admin', async () => {
    const visitor = new Visitor(server);
    for (const headers of [{}, { Authorization: 'Bearer guess' }]) {
      const response = await visitor.fetch('/api/models/extra/download', { method: 'POST', headers });
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthorized' });
    }
    expect(await problemOf(await visitor.fetch('/api/models/none/download', admin))).toMatchObject({
      code: 'not-found',
    });
    const embedded = await visitor.fetch('/api/models/mini/download', admin);
    expect(embedded.status).toBe(200);
    expect(host.requests).toEqual([]);
  });

  test('that are not where they should be leave a reason behind, in the words of who asks', async () => {
    answer = () => ({ status: 404 });
    const visitor = new Visitor(server, 'en');
    await visitor.fetch('/api/session');
    using news = await visitor.listen();
    expect((await visitor.fetch('/api/models/extra/download', admin)).status).toBe(202);
    const message = await news.until((each) => each.type === 'model' && each.model.state === 'missing');
    const error = { code: 'download-failed', title: 'The model could not be downloaded' };
    expect(message).toMatchObject({ model: { id: 'extra', error } });
    expect((await extraOf(new Visitor(server)))?.error).toMatchObject({ title: 'Không tải được mô hình' });
  });

  test('that are something else than the manifest says are not taken', async () => {
    answer = (path, decent) => (path === 'extra/large.onnx' ? { status: 200, body: noiseBytes(400_000, 9) } : decent);
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    using news = await visitor.listen();
    await visitor.fetch('/api/models/extra/download', admin);
    await news.until((each) => each.type === 'model' && each.model.error?.code === 'model-corrupt');
    expect(await readdir(join(folder.path, 'models', 'extra'))).toEqual([]);
    expect((await visitor.fetch('/models/extra/large.onnx')).status).toBe(404);
  });

  test('come by one download however many ask, are told of as they come, survive SIGKILL, and are served then', async () => {
    const rest = Promise.withResolvers<void>();
    answer = (path, decent) => (path === 'extra/large.onnx' ? { ...decent, hold: rest.promise } : decent);
    const before = host.requests.length;
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    using news = await visitor.listen();
    const answers = await Promise.all([1, 2, 3].map(() => visitor.fetch('/api/models/extra/download', admin)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const message = await news.until((each) => each.type === 'model' && (each.model.progress ?? 0) > 0.1);
    expect(message).toMatchObject({ model: { id: 'extra', state: 'downloading', error: null } });
    expect((await extraOf(visitor))?.progress).toBeGreaterThan(0.1);
    expect(host.requests.length).toBe(before + 1);

    await server.kill();
    rest.resolve();
    server = await startServerProcess(folder.path, environment);
    const again = new Visitor(server);
    expect((await extraOf(again))?.state).toBe('missing');
    expect((await again.fetch('/models/extra/large.onnx')).status).toBe(404);
    await again.fetch('/api/session');
    using newsAgain = await again.listen();
    await again.fetch('/api/models/extra/download', admin);
    await newsAgain.until((each) => each.type === 'model' && each.model.state === 'installed');
    expect(host.requests[before + 1]?.headers.get('Range')).toMatch(/^bytes=[1-9]\d*-$/);
    const served = await again.fetch('/models/extra/large.onnx');
    expect(sha256Of(await served.bytes())).toBe(sha256Of(large));
    expect((await extraOf(again))?.state).toBe('installed');
    expect((await again.fetch('/api/models/extra/download', admin)).status).toBe(200);
  });
});

// Without Redis a data folder has room for one server only.
test.skipIf(!isInstalled('redis-server'))(
  `two servers on one data folder share a download, and both tell how far it is${needs('redis-server')}`,
  async () => {
    const redis = await startRedis();
    await using shared = await makeDataFolder();
    const rest = Promise.withResolvers<void>();
    answer = (path, decent) => (path === 'extra/large.onnx' ? { ...decent, hold: rest.promise } : decent);
    const before = host.requests.length;
    const fleet = { ...environment, REDIS_URL: redis.url };
    const first = await startServerProcess(shared.path, fleet);
    const second = await startServerProcess(shared.path, fleet);
    try {
      const [here, there] = [new Visitor(first), new Visitor(second)];
      await here.fetch('/api/session');
      await there.fetch('/api/session');
      using news = await here.listen();
      using newsThere = await there.listen();
      await here.fetch('/api/models/extra/download', admin);
      const isComing = (each: LiveMessage) => each.type === 'model' && (each.model.progress ?? 0) > 0.1;
      await news.until(isComing);
      // Pages of the other server hear of it too.
      await newsThere.until(isComing);
      expect(await extraOf(there)).toMatchObject({ state: 'downloading' });
      expect((await extraOf(there))?.progress).toBeGreaterThan(0.1);

      expect((await there.fetch('/api/models/extra/download', admin)).status).toBe(202);
      rest.resolve();
      await news.until((each) => each.type === 'model' && each.model.state === 'installed');
      await newsThere.until((each) => each.type === 'model' && each.model.state === 'installed');
      expect(host.requests.slice(before).map(({ path }) => path)).toEqual(
        Object.keys(files).map((path) => `/mirror/${path}`),
      );
    } finally {
      await Promise.all([first.stop(), second.stop()]);
      await redis.stop();
    }
  },
);
