import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { decodeAudio } from '#core/audio/decode.ts';
import { parseVoice, serializeVoice } from '#core/voice/serialize.ts';
import type { Voice, VoiceList } from '#server/http/api-types.ts';
import { keptFiles } from './kept-files.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { hum, medianPitch, sampleFile, wavOf } from './sounds.ts';
import { problemOf, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
/** Has one voice, of a man. */
let owner: Visitor;
let voice: Voice;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path);
  owner = new Visitor(server);
  const response = await send(owner, '/api/voices', {
    references: [sampleFile('voices/2033.flac')],
    name: 'Ông Ba',
    consent: 'true',
  });
  expect(response.status).toBe(201);
  voice = (await response.json()) as Voice;
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

type Fields = Readonly<Record<string, string | Blob | readonly Blob[]>>;

async function send(visitor: Visitor, path: string, fields: Fields): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.append(name, value);
    else {
      for (const file of [value].flat() as Blob[])
        form.append(name, new File([await file.arrayBuffer()], 'Giọng ông Ba.x'));
    }
  }
  return visitor.fetch(path, { method: 'POST', body: form });
}

async function ownVoices(visitor: Visitor): Promise<Voice[]> {
  const { voices } = await visitor.json<VoiceList>('/api/voices');
  return voices.filter((candidate) => !candidate.sample);
}

describe('a saved voice', () => {
  test('tells what its recording is worth; of the recording nothing is kept', async () => {
    expect(voice).toMatchObject({ name: 'Ông Ba', sample: false, language: null, previewUrl: null });
    expect(voice.consentedAt).toBe(voice.createdAt);
    expect(voice.speechSeconds).toBeGreaterThan(1);
    expect(voice.quality?.speechSeconds).toBeGreaterThan(1);
    expect(voice.quality?.snrDecibels).toBeGreaterThan(10);
    expect(voice.quality?.clippedShare).toBe(0);
    expect(await owner.json<Voice>(`/api/voices/${voice.id}`)).toEqual(voice);
    expect(await ownVoices(owner)).toEqual([voice]);
    expect(await keptFiles(folder.path)).toEqual([voice.id]);
  });

  test('is taken on by a conversion', async () => {
    using news = await owner.listen();
    const { id } = await owner.convert({ source: 'sample-vietnamese', voice: voice.id });
    const job = await news.ended(id);
    expect(job).toMatchObject({ status: 'done', voice: { id: voice.id, name: 'Ông Ba' } });
    const result = await decodeAudio(await (await owner.fetch(`/api/jobs/${id}/result`)).bytes());
    const target = await decodeAudio(await sampleFile('voices/2033.flac').bytes());
    expect(Math.abs(12 * Math.log2(medianPitch(result.audio) / medianPitch(target.audio)))).toBeLessThan(2);
  });

  test('can be made of several recordings, and warns in the words of whoever asks', async () => {
    const visitor = new Visitor(server, 'en');
    const { audio } = await decodeAudio(await sampleFile('voices/3080.flac').bytes());
    const part = (start: number, end: number, gain: number) => {
      const samples = audio.samples.slice(start * audio.sampleRate, end * audio.sampleRate);
      return new Blob([
        wavOf(
          samples.map((sample) => Math.max(-1, Math.min(1, gain * sample))),
          audio.sampleRate,
        ),
      ]);
    };
    const response = await send(visitor, '/api/clone', {
      references: [part(0, 2, 1), part(2, 4, 30)],
      name: 'Two',
      consent: 'true',
    });
    expect(response.status).toBe(201);
    const made = (await response.json()) as Voice;
    expect(response.headers.get('location')).toBe(`/api/voices/${made.id}`);
    expect(made.quality?.clippedShare).toBeGreaterThan(0.01);
    expect(made.quality?.warnings).toContainEqual({
      code: 'clipped',
      title: 'The recordings are distorted where they are loud',
      detail: expect.stringMatching(/level/),
    });
    const vietnamese = await new Visitor(server, 'vi', visitor.cookie).json<Voice>(`/api/voices/${made.id}`);
    expect(vietnamese.quality?.warnings.map(({ code }) => code)).toEqual(
      made.quality?.warnings.map(({ code }) => code) ?? [],
    );
    expect(vietnamese.quality?.warnings.at(-1)?.title).toBe('Bản thu bị vỡ tiếng ở chỗ to');
  });

  test('goes out as a file and comes back as the same voice, under another name and for another user', async () => {
    const exported = await owner.fetch(`/api/voices/${voice.id}/export`);
    expect(exported.headers.get('content-type')).toBe('application/octet-stream');
    expect(exported.headers.get('content-disposition')).toContain('filename="Ong Ba.giong-voice"');
    const bytes = await exported.bytes();
    expect(parseVoice(bytes).speechSeconds).toBe(voice.speechSeconds as number);

    const other = new Visitor(server);
    const response = await send(other, '/api/voices/import', { file: new Blob([bytes]), consent: 'true' });
    expect(response.status).toBe(201);
    const imported = (await response.json()) as Voice;
    expect(imported).toMatchObject({ name: 'Giọng ông Ba', quality: null, speechSeconds: voice.speechSeconds });
    expect(await (await other.fetch(`/api/voices/${imported.id}/export`)).bytes()).toEqual(bytes);
  });

  test('comes back for conversions alone where it is not to be listed', async () => {
    const bytes = await (await owner.fetch(`/api/voices/${voice.id}/export`)).bytes();
    const other = new Visitor(server);
    const file = new Blob([bytes]);
    const response = await send(other, '/api/voices/import', { file, consent: 'true', listed: 'false' });
    expect(response.status).toBe(201);
    const { id } = (await response.json()) as Voice;
    expect((await other.json<VoiceList>('/api/voices')).voices.every(({ sample }) => sample)).toBe(true);
    expect((await other.json<Voice>(`/api/voices/${id}`)).name).toBe('Giọng ông Ba');
    const request = { source: 'sample-vietnamese', voice: id };
    const created = await other.fetch('/api/convert', { method: 'POST', body: JSON.stringify(request) });
    expect(created.status).toBe(202);
    expect((await send(other, '/api/voices/import', { file, consent: 'true', listed: 'maybe' })).status).toBe(400);
  });

  test('takes another name, and goes for good', async () => {
    const visitor = new Visitor(server);
    const bytes = await (await owner.fetch(`/api/voices/${voice.id}/export`)).bytes();
    const response = await send(visitor, '/api/voices/import', {
      file: new Blob([bytes]),
      name: ' Bác \u0000Tư ',
      consent: 'true',
    });
    const { id, name } = (await response.json()) as Voice;
    expect(name).toBe('Bác Tư');
    const change = { method: 'PATCH', body: JSON.stringify({ name: 'Bác Năm' }) };
    expect(await visitor.json<Voice>(`/api/voices/${id}`, change)).toMatchObject({ id, name: 'Bác Năm' });
    expect(await keptFiles(folder.path)).toContain(id);

    expect((await visitor.fetch(`/api/voices/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await ownVoices(visitor)).toEqual([]);
    expect((await visitor.fetch(`/api/voices/${id}`, { method: 'DELETE' })).status).toBe(404);
    expect((await visitor.post('/api/convert', { source: 'sample-english', voice: id })).status).toBe(404);
    expect(await keptFiles(folder.path)).not.toContain(id);
  });
});

test('the path by which older clients extract a speaker saves a voice too', async () => {
  const visitor = new Visitor(server);
  const references = sampleFile('voices/2033.flac');
  const response = await send(visitor, '/api/extract-speaker', { references, name: 'Bà Sáu', consent: 'true' });
  expect(response.status).toBe(201);
  expect(await ownVoices(visitor)).toEqual([(await response.json()) as Voice]);
});

describe('a voice is refused, and leaves nothing,', () => {
  const speech = sampleFile('voices/2033.flac');
  const faint = new Blob([wavOf(hum(2))]);
  const good = { name: 'A', consent: 'true' };
  const broken = new Blob([new Uint8Array(100)]);
  const elsewhere = new Blob([serializeVoice({ speechSeconds: 1, engines: { unheard: {} } })]);
  const wrong: [string, string, Fields, number, string][] = [
    ['without consent', '/api/voices', { references: speech, name: 'A' }, 422, 'consent-missing'],
    ['with consent denied', '/api/voices', { references: speech, ...good, consent: 'false' }, 422, 'consent-missing'],
    ['without a name', '/api/voices', { references: speech, consent: 'true' }, 400, 'request-invalid'],
    ['with a blank name', '/api/voices', { references: speech, ...good, name: ' ' }, 400, 'request-invalid'],
    ['without a recording', '/api/voices', good, 400, 'request-invalid'],
    ['with a stray field', '/api/voices', { references: speech, ...good, a: 'b' }, 400, 'request-invalid'],
    ['with eleven recordings', '/api/voices', { references: Array(11).fill(faint), ...good }, 400, 'request-invalid'],
    ['of a hum', '/api/voices', { references: faint, ...good }, 422, 'reference-no-speech'],
    [
      'when one of two is no sound',
      '/api/voices',
      { references: [speech, broken], ...good },
      415,
      'audio-format-unknown',
    ],
    ['that is no voice', '/api/voices/import', { file: broken, ...good }, 422, 'voice-corrupt'],
    ['of an engine that is not here', '/api/voices/import', { file: elsewhere, ...good }, 422, 'voice-engine-mismatch'],
    ['that comes without consent', '/api/voices/import', { file: elsewhere, name: 'A' }, 422, 'consent-missing'],
    ['that does not come', '/api/voices/import', good, 400, 'request-invalid'],
  ];

  test.each(wrong)('%s', async (_, path, fields, status, code) => {
    const before = await keptFiles(folder.path);
    const visitor = new Visitor(server);
    const response = await send(visitor, path, fields);
    expect(await problemOf(response)).toMatchObject({ status, code });
    expect(await ownVoices(visitor)).toEqual([]);
    expect(await keptFiles(folder.path)).toEqual(before);
  });
});

describe('a voice of somebody else', () => {
  test('is not there, on any route', async () => {
    const stranger = new Visitor(server);
    await stranger.fetch('/api/session');
    for (const visitor of [stranger, new Visitor(server)]) {
      for (const [method, path, body] of [
        ['GET', '', null],
        ['PATCH', '', '{"name":"mine"}'],
        ['DELETE', '', null],
        ['GET', '/export', null],
      ] as const) {
        const response = await visitor.fetch(`/api/voices/${voice.id}${path}`, { method, body });
        expect((await problemOf(response)).code).toBe('not-found');
      }
      expect(await ownVoices(visitor)).toEqual([]);
    }
    for (const field of ['voice', 'reference']) {
      const response = await stranger.post('/api/convert', { source: 'sample-english', [field]: voice.id });
      expect(response.status).toBe(404);
    }
    expect(await owner.json<Voice>(`/api/voices/${voice.id}`)).toEqual(voice);
  });

  test('that everybody shares can be seen, not changed', async () => {
    const { name } = await owner.json<Voice>('/api/voices/sample-1688');
    const change = { method: 'PATCH', body: '{"name":"mine"}' };
    for (const init of [change, { method: 'DELETE' }]) {
      const response = await owner.fetch('/api/voices/sample-1688', init);
      expect(await problemOf(response)).toMatchObject({ status: 403, code: 'forbidden' });
    }
    expect((await owner.json<Voice>('/api/voices/sample-1688')).name).toBe(name);
    expect((await owner.fetch('/api/voices/sample-english')).status).toBe(404);
  });
});
