import { expect, test } from 'bun:test';
import { CancelledError, InputError } from '#core/errors.ts';
import type { ConvertRequest, Job } from '#server/http/api-types.ts';
import type { ApiClient } from './api-client.ts';
import { ServerUnreachableError } from './api-errors.ts';
import type { ConversionStage } from './conversion-order.ts';
import { createServerConversion } from './convert-on-server.ts';
import type { LiveConnection } from './live-connection.ts';
import type { Recording } from './recording.ts';

const voice: Recording = {
  kind: 'sample',
  sample: { id: 'sample-1', name: { vi: 'A', en: 'A' }, language: 'en', url: '/a.flac' },
};
const silentConnection: LiveConnection = { listen: () => () => undefined };

function fileRecording(name: string): Recording {
  return { kind: 'file', name, blob: new Blob([name]), origin: 'file' };
}

/** A server in memory that finishes every job at once, unless told otherwise. */
function createServer(change: Partial<ApiClient> = {}) {
  const log = { uploads: [] as string[], requests: [] as ConvertRequest[], cancelled: [] as string[], sessions: 0 };
  const finished = { status: 'done', result: { url: '/api/results/r_1' } } as Job;
  const api: ApiClient = {
    session: async () => {
      log.sessions += 1;
      return { version: '1', engines: ['mini'], limits: { uploadBytes: 1, audioSeconds: 1 } };
    },
    upload: async (_file, name, control) => {
      log.uploads.push(name);
      control?.onProgress?.(1);
      return { id: `u_${log.uploads.length}`, name, bytes: 1, seconds: 1, format: 'wav' };
    },
    sendVoice: async (_profile, name) => {
      log.uploads.push(name);
      return {
        id: `v_${log.uploads.length}`,
        name,
        language: null,
        sample: false,
        previewUrl: null,
        speechSeconds: 1,
        quality: null,
        engines: null,
        consentedAt: null,
        createdAt: null,
      };
    },
    convert: async (request) => {
      log.requests.push(request);
      return { id: 'j_1', status: 'queued' };
    },
    job: async () => finished,
    jobs: async () => ({ jobs: [] }),
    cancel: async (id) => {
      log.cancelled.push(id);
      return finished;
    },
    queueStatus: () => Promise.reject(new ServerUnreachableError()),
    download: async (url) => new Blob([url]),
    ...change,
  };
  return { convert: createServerConversion({ api, live: silentConnection }), log };
}

function createControl(signal = new AbortController().signal) {
  const stages: ConversionStage[] = [];
  return {
    stages,
    control: {
      signal,
      onStage: (stage: ConversionStage) => void (stages.at(-1) === stage || stages.push(stage)),
      onConnected: () => undefined,
    },
  };
}

test('a recording is sent, the job ordered with the settings, and its result fetched', async () => {
  const { convert, log } = createServer();
  const { control, stages } = createControl();
  const result = await convert({ source: fileRecording('a.wav'), voice, settings: { strength: 0.5 } }, control);
  expect(await result.text()).toBe('/api/results/r_1');
  expect(log.requests).toEqual([{ strength: 0.5, source: 'u_1', voice: 'sample-1' }]);
  expect(stages).toEqual(['preparing', 'uploading', 'queued', 'downloading']);
});

test('a voice of one’s own is sent as a reference', async () => {
  const { convert, log } = createServer();
  const order = { source: fileRecording('a.wav'), voice: fileRecording('b.wav'), settings: {} };
  await convert(order, createControl().control);
  expect(log.requests).toEqual([{ source: 'u_1', reference: 'u_2' }]);
});

test('a voice of this device is given to the server once, and again when that has let go of it; one of the server is named', async () => {
  let orders = 0;
  const log: ConvertRequest[] = [];
  const { convert, log: sent } = createServer({
    convert: async (request) => {
      orders += 1;
      if (orders === 3) throw new InputError('not-found');
      log.push(request);
      return { id: 'j_1', status: 'queued' };
    },
  });
  const mine = { kind: 'voice' as const, name: 'mine', profile: new Blob(['profile']) };
  const kept = { source: voice, voice: { ...mine, deviceId: 'here' }, settings: {} };
  for (let time = 0; time < 3; time += 1) await convert(kept, createControl().control);
  await convert({ ...kept, voice: { ...mine, serverId: 'v_there' } }, createControl().control);
  expect(sent.uploads).toEqual(['mine', 'mine']);
  expect(log.map((request) => request.voice)).toEqual(['v_1', 'v_1', 'v_2', 'v_there']);
});

test('samples are not sent, and a recording is sent once however often it is converted', async () => {
  const { convert, log } = createServer();
  await convert({ source: voice, voice, settings: {} }, createControl().control);
  expect(log.uploads).toEqual([]);
  const source = fileRecording('a.wav');
  await convert({ source, voice, settings: {} }, createControl().control);
  await convert({ source, voice, settings: { strength: 0.2 } }, createControl().control);
  expect(log.uploads).toEqual(['a.wav']);
  expect(log.sessions).toBe(1);
});

test('a recording that the server has let go of is sent again', async () => {
  let orders = 0;
  const { convert, log } = createServer({
    convert: async () => {
      orders += 1;
      if (orders === 2) throw new InputError('not-found');
      return { id: 'j_1', status: 'queued' };
    },
  });
  const order = { source: fileRecording('a.wav'), voice, settings: {} };
  await convert(order, createControl().control);
  await convert(order, createControl().control);
  expect(log.uploads).toEqual(['a.wav', 'a.wav']);
});

test('stopping cancels the job at the server', async () => {
  const controller = new AbortController();
  const { convert, log } = createServer({ job: async () => ({ status: 'active', progress: 0.1 }) as Job });
  const { control } = createControl(controller.signal);
  const converting = convert(
    { source: voice, voice, settings: {} },
    { ...control, onStage: (stage) => stage === 'converting' && controller.abort() },
  );
  expect(await converting.catch((error) => error)).toBeInstanceOf(CancelledError);
  expect(log.cancelled).toEqual(['j_1']);
});

test('after a first session that failed, the next conversion begins anew', async () => {
  let tries = 0;
  const { convert } = createServer({
    session: async () => {
      tries += 1;
      if (tries === 1) throw new ServerUnreachableError();
      return { version: '1', engines: [], limits: { uploadBytes: 1, audioSeconds: 1 } };
    },
  });
  const order = { source: voice, voice, settings: {} };
  expect(await convert(order, createControl().control).catch((error) => error)).toBeInstanceOf(ServerUnreachableError);
  expect(await convert(order, createControl().control)).toBeInstanceOf(Blob);
});
