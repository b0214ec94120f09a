import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import type { EngineList, Job, Session, Voice } from '#server/http/api-types.ts';
import { addExported } from '#server/models/exported.ts';
import { ModelLibrary } from '#server/models/library.ts';
import { sha256Of } from '../support/model-host.ts';
import { writeNarrowModel } from '../support/seed-vc-models.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
let visitor: Visitor;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_WORKERS: '1', GIONG_RATE_CONVERT: '0' });
  visitor = new Visitor(server, 'en');
  await visitor.json<Session>('/api/session');
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

const enginesNow = async () => (await visitor.json<EngineList>('/api/engines')).engines;
const request = { source: 'sample-english', engine: 'seed-vc-fast', diffusionSteps: 1 };
const ended = async (wanted: object): Promise<Job> => {
  using news = await visitor.listen();
  const { id } = await visitor.convert({ ...request, voice: 'sample-1688', ...wanted });
  return await news.ended(id);
};

describe('jobs of the Seed-VC models', () => {
  test('fail at once where the model is missing, and the worker goes on', async () => {
    const { status, error } = await ended({});
    expect({ status, code: error?.code }).toEqual({ status: 'failed', code: 'model-missing' });
    expect((await ended({ engine: 'mini', diffusionSteps: undefined })).status).toBe('done');
  });

  test('succeed as soon as the model is there, without a new start', async () => {
    expect((await enginesNow()).map(({ id, ready }) => [id, ready])).toEqual([
      ['mini', true],
      ['seed-vc-fast', false],
      ['seed-vc-base', false],
      ['seed-vc-hifi', false],
    ]);
    const exported = join(folder.path, 'exported');
    await writeNarrowModel(exported, 'fast');
    await addExported(await ModelLibrary.open(folder.path), exported);
    const [mini, fast, base] = await enginesNow();
    expect(mini).toMatchObject({ ready: true, models: [] });
    expect(fast).toMatchObject({ ready: true, speed: null, models: [{ id: 'campplus' }, { licence: 'GPL-3.0-only' }] });
    expect(base).toMatchObject({ ready: false, models: null });
    expect((await visitor.json<Session>('/api/session')).engines).toEqual(['mini', 'seed-vc-fast']);
    const job = await ended({ lengthAdjust: 2, inferenceCfgRate: 0, seed: 3 });
    expect(job).toMatchObject({ status: 'done', engine: 'seed-vc-fast', error: null });
    expect(job.options).toMatchObject({ diffusionSteps: 1, lengthAdjust: 2, inferenceCfgRate: 0 });
    const { audio } = await decodeAudio(await (await visitor.fetch(job.result?.url ?? '')).bytes());
    expect(audio.samples.length / audio.sampleRate).toBeCloseTo(2 * job.source.seconds, 2);
    expect(job.result?.seconds).toBeCloseTo(2 * job.source.seconds, 2);
    expect((await enginesNow())[1]?.speed).toBeGreaterThan(0);
  });

  test('can be done by a browser: the files of the model are served, by their hash, in parts, and no others', async () => {
    const [, fast] = await enginesNow();
    const [campplus, model] = fast?.models ?? [];
    expect([campplus?.files.length, model?.files.length]).toEqual([1, 5]);
    for (const { url, bytes, sha256 } of model?.files ?? []) {
      const response = await visitor.fetch(url);
      expect(response.headers.get('Cache-Control')).toContain('immutable');
      const content = await response.bytes();
      expect([content.length, sha256Of(content)]).toEqual([bytes, sha256]);
      const rest = await visitor.fetch(url, { headers: { Range: 'bytes=1000-', 'If-Range': `"${sha256}"` } });
      expect(rest.status).toBe(206);
      expect(await rest.bytes()).toEqual(content.slice(1000));
      expect((await visitor.fetch(url, { headers: { 'If-None-Match': `"${sha256}"` } })).status).toBe(304);
    }
    const [file] = model?.files ?? [];
    expect((await visitor.fetch(`/models/${file?.path}?sha256=${'0'.repeat(64)}`)).status).toBe(404);
    await Bun.write(join(folder.path, 'models', 'seed-vc-fast', 'other.onnx'), 'not in the manifest');
    expect((await visitor.fetch('/models/seed-vc-fast/other.onnx')).status).toBe(404);
  });

  test('use a voice that was saved for them, and no other', async () => {
    const form = new FormData();
    form.append('references', sampleFile('voices/1688.flac'), 'a.flac');
    form.append('name', 'Fast');
    form.append('consent', 'true');
    form.append('engine', 'seed-vc-fast');
    const voice = await visitor.json<Voice>('/api/voices', { method: 'POST', body: form });
    expect(voice.engines).toEqual(['seed-vc-fast']);
    expect((await ended({ voice: voice.id })).status).toBe('done');
    const other = await visitor.post('/api/convert', { source: 'sample-english', voice: voice.id });
    expect((await problemOf(other)).code).toBe('voice-engine-mismatch');
    form.set('engine', 'mini,seed-vc-fast');
    const both = await visitor.json<Voice>('/api/voices', { method: 'POST', body: form });
    expect(both.engines).toEqual(['mini', 'seed-vc-fast']);
    for (const engine of both.engines ?? []) {
      const diffusionSteps = engine === 'mini' ? undefined : 1;
      expect((await ended({ voice: both.id, engine, diffusionSteps })).status).toBe('done');
    }
    form.set('engine', 'mini,nothing');
    const unknown = await visitor.fetch('/api/voices', { method: 'POST', body: form });
    expect((await problemOf(unknown)).code).toBe('engine-unknown');
  });

  test.each([
    [{ diffusionSteps: 0 }, 'request-invalid'],
    [{ diffusionSteps: 1.5 }, 'request-invalid'],
    [{ lengthAdjust: 3 }, 'request-invalid'],
    [{ inferenceCfgRate: -0.1 }, 'request-invalid'],
    [{ semitoneShift: 25 }, 'request-invalid'],
    [{ cfgRate: 1 }, 'request-invalid'],
    [{ semitoneShift: 2 }, 'option-invalid'],
    [{ strength: 0.5 }, 'option-invalid'],
    [{ engine: 'mini' }, 'option-invalid'],
  ] as const)('are refused with %j', async (wrong, code) => {
    const response = await visitor.post('/api/convert', { ...request, voice: 'sample-1688', ...wrong });
    expect(response.status).toBe(400);
    expect((await problemOf(response)).code).toBe(code);
  });

  test('fail at once where a file of the model is damaged, and the next job of another engine works', async () => {
    await server.stop();
    await truncate(join(folder.path, 'models', 'seed-vc-fast', 'estimator.onnx'), 1000);
    server = await startServerProcess(folder.path, { GIONG_WORKERS: '1', GIONG_RATE_CONVERT: '0' });
    visitor = new Visitor(server, 'en');
    await visitor.json<Session>('/api/session');
    const { status, error } = await ended({ seed: 4 });
    expect({ status, code: error?.code }).toEqual({ status: 'failed', code: 'model-corrupt' });
    expect((await ended({ engine: 'mini', diffusionSteps: undefined, seed: 4 })).status).toBe('done');
  });
});
