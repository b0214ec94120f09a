import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { decodeAudio } from '#core/audio/decode.ts';
import { parseVoice, serializeVoice } from '#core/voice/serialize.ts';
import { speakerOf } from '#core/voice/speaker.ts';
import type { JobCreated, Voice, VoiceList } from '#server/http/api-types.ts';
import { keptFiles } from './kept-files.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile, wavOf } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path);
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

/** A part of a sample voice, in seconds. */
async function part(name: string, from: number, to: number): Promise<Blob> {
  const { audio } = await decodeAudio(await sampleFile(`voices/${name}.flac`).bytes());
  return new Blob([wavOf(audio.samples.slice(from * audio.sampleRate, to * audio.sampleRate), audio.sampleRate)]);
}

function clone(visitor: Visitor, references: readonly Blob[], threshold?: string): Promise<Response> {
  const form = new FormData();
  for (const reference of references) form.append('references', reference, 'mẫu.wav');
  form.append('name', 'Chị Bảy');
  form.append('consent', 'true');
  if (threshold !== undefined) form.append('similarityThreshold', threshold);
  return visitor.fetch('/api/clone', { method: 'POST', body: form });
}

describe('cloning with a similarity threshold', () => {
  test('makes a voice of recordings of one person, and tells how similar they are', async () => {
    const visitor = new Visitor(server);
    const response = await clone(visitor, [await part('3080', 0, 6), await part('3080', 8, 14)], '0.5');
    expect(response.status).toBe(201);
    const voice = (await response.json()) as Voice;
    expect(voice.quality?.similarity).toBeGreaterThan(0.5);
    const exported = await (await visitor.fetch(`/api/voices/${voice.id}/export`)).bytes();
    expect(speakerOf(parseVoice(exported))).toHaveLength(192);
  });

  test('refuses the recording that is of another person, says which, and leaves nothing', async () => {
    const before = await keptFiles(folder.path);
    const visitor = new Visitor(server, 'en');
    const references = [await part('3080', 0, 6), await part('3080', 8, 14), await part('1688', 0, 6)];
    const problem = await problemOf(await clone(visitor, references, '0.5'));
    expect(problem).toMatchObject({ status: 422, code: 'references-differ' });
    expect(problem.title).toBe('Sample recording 3 sounds like another person');
    expect(problem.detail).toContain('at least 50 %');
    const { voices } = await visitor.json<VoiceList>('/api/voices');
    expect(voices.filter(({ sample }) => !sample)).toEqual([]);
    expect(await keptFiles(folder.path)).toEqual(before);
  });

  test('without a threshold they may differ, which the report tells', async () => {
    const response = await clone(new Visitor(server), [await part('3080', 0, 6), await part('1688', 0, 6)]);
    expect(response.status).toBe(201);
    expect(((await response.json()) as Voice).quality?.similarity).toBeLessThan(0.5);
  });

  test('a single recording agrees with itself', async () => {
    const response = await clone(new Visitor(server), [await part('3331', 0, 6)], '1');
    expect(response.status).toBe(201);
    expect(((await response.json()) as Voice).quality?.similarity).toBeNull();
  });

  test.each(['1.5', '-0.1', 'half', '', '0x1'])('%p is no threshold', async (threshold) => {
    const response = await clone(new Visitor(server), [await part('3331', 0, 3)], threshold);
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'request-invalid' });
  });
});

describe("a result's similarity to the voice", () => {
  test('is told when it is asked for, higher than that of the source', async () => {
    const visitor = new Visitor(server);
    const reference = await visitor.upload(await part('3080', 0, 8), 'mẫu.wav');
    using news = await visitor.listen();
    const similarity = async (strength: number) => {
      const { id } = await visitor.convert({
        source: 'sample-1688',
        reference: reference.id,
        strength,
        similarity: true,
      });
      return (await news.ended(id)).similarity ?? Number.NaN;
    };
    const [converted, unconverted] = [await similarity(1), await similarity(0)];
    expect(converted).toBeGreaterThan(0.5);
    expect(unconverted).toBeLessThan(converted - 0.1);
    const again = await visitor.convert({ source: 'sample-1688', reference: reference.id, similarity: true });
    expect(again).toMatchObject({ status: 'done', cached: true });
    expect((await visitor.job(again.id)).similarity).toBe(converted);
  });

  test('is null when nobody asks', async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: 'sample-english', voice: 'sample-2033' });
    expect(await news.ended(id)).toMatchObject({ status: 'done', similarity: null });
  });

  test('is told of a saved voice too, and asked for by a form', async () => {
    const visitor = new Visitor(server);
    const voice = (await (await clone(visitor, [await part('2033', 0, 10)])).json()) as Voice;
    using news = await visitor.listen();
    const form = new FormData();
    form.append('source', await part('3080', 0, 5), 'nguồn.wav');
    form.append('voice', voice.id);
    form.append('similarity', 'true');
    const created = await visitor.json<JobCreated>('/api/convert', { method: 'POST', body: form });
    const job = await news.ended(created.id);
    expect(job.options.similarity).toBe(true);
    expect(job.similarity).toBeGreaterThan(0.4);
  });

  test('is null for a voice that was made without its speaker', async () => {
    const visitor = new Visitor(server);
    const made = (await (await clone(visitor, [await part('2033', 0, 6)])).json()) as Voice;
    const { speechSeconds, engines } = parseVoice(await (await visitor.fetch(`/api/voices/${made.id}/export`)).bytes());
    const old = serializeVoice({ speechSeconds, engines: { mini: engines.mini ?? {} } });
    const form = new FormData();
    form.append('file', new Blob([old]), 'cũ.giong-voice');
    form.append('consent', 'true');
    const voice = await visitor.json<Voice>('/api/voices/import', { method: 'POST', body: form });
    using news = await visitor.listen();
    const { id } = await visitor.convert({ source: 'sample-english', voice: voice.id, similarity: true });
    expect(await news.ended(id)).toMatchObject({ status: 'done', similarity: null });
  });
});
