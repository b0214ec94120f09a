import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Problem, UploadList } from '#server/http/api-types.ts';
import { corpus } from '../audio-corpus/index.ts';
import { keptFiles } from './kept-files.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { tone, wavOf } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

/** 415 and 413 by their own codes; all else that is wrong with a recording is 422. */
const statuses: Partial<Record<Problem['code'], number>> = { 'audio-format-unknown': 415, 'audio-too-large': 413 };

const good = wavOf(tone(0.5));
/** A good recording goes through after so many broken ones. */
const goodAfter = 10;

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_MAX_AUDIO_SECONDS: '600' });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

async function expectRefusal(response: Response, code: Problem['code']): Promise<void> {
  const problem = await problemOf(response);
  expect(problem).toMatchObject({ code, status: response.status });
  expect(response.status).toBe(statuses[code] ?? 422);
  expect(problem.title).not.toBe('');
}

async function expectAlive(): Promise<void> {
  const upload = await new Visitor(server).upload(good, 'good.wav');
  expect(upload).toMatchObject({ format: 'wav', seconds: 0.5 });
}

describe('every broken file, uploaded', () => {
  test.each(corpus.map((file, index) => ({ ...file, index })))('$name: $outcome', async ({ build, outcome, index }) => {
    const visitor = new Visitor(server);
    const before = await keptFiles(folder.path);
    const response = await visitor.tryUpload(await build(), 'sound.wav');
    const after = await keptFiles(folder.path);
    const { uploads } = await visitor.json<UploadList>('/api/uploads');
    if (outcome === 'decodes') {
      expect(response.status).toBe(201);
      expect(uploads).toHaveLength(1);
      expect(after).toHaveLength(before.length + 1);
    } else {
      await expectRefusal(response, outcome);
      expect(uploads).toEqual([]);
      expect(after).toEqual(before);
    }
    if (index % goodAfter === goodAfter - 1) await expectAlive();
  });

  test('in the end a good one is taken', expectAlive);
});

describe('a broken file among the references of a voice', () => {
  const some = corpus.filter((file, index) => file.outcome !== 'decodes' && index % 12 === 0);

  test.each(some)('$name: $outcome, and nothing is left', async ({ build, outcome }) => {
    const form = new FormData();
    form.append('name', 'An');
    form.append('consent', 'true');
    form.append('references', new File([wavOf(tone(2))], 'good.wav'));
    form.append('references', new File([await build()], 'broken.wav'));
    const before = await keptFiles(folder.path);
    const visitor = new Visitor(server);
    const response = await visitor.fetch('/api/voices', { method: 'POST', body: form });
    await expectRefusal(response, outcome as Problem['code']);
    expect(await keptFiles(folder.path)).toEqual(before);
  });

  test('in the end a voice is made of good ones', async () => {
    const form = new FormData();
    form.append('name', 'An');
    form.append('consent', 'true');
    form.append('references', new File([wavOf(tone(8))], 'good.wav'));
    const response = await new Visitor(server).fetch('/api/voices', { method: 'POST', body: form });
    expect(response.status).toBe(201);
  });
});
