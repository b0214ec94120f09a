import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Hono } from 'hono';
import { receiveForm } from '#server/http/multipart.ts';
import { sendFile } from '#server/http/send-file.ts';

export interface BenchAppSetup {
  /** Where uploads go. */
  readonly folder: string;
  /** The file of which parts are downloaded. */
  readonly download: string;
  /** Opens a file without reading it, as the runtime does that best. */
  readonly open: (path: string) => Blob | Promise<Blob>;
}

/** What a finished conversion looks like to its owner. */
const job = {
  id: 'j_4hTq9cYw2sKb7mXe',
  status: 'done',
  progress: 1,
  etaSeconds: null,
  error: null,
  engine: 'mini',
  source: { id: 'u_4hTq9cYw2sKb7mXe', name: 'Bản thu.wav', seconds: 9.29 },
  voice: { id: 'sample-1688', name: 'Nữ, tiếng Anh' },
  options: { strength: 1, pitch: 'auto', formant: 0, noiseReduction: 0, format: 'wav', seed: 0 },
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: '2026-01-01T00:00:00.250Z',
  finishedAt: '2026-01-01T00:00:02.500Z',
  result: { name: 'Bản thu.giong.wav', url: '/api/jobs/j_4hTq9cYw2sKb7mXe/result', bytes: 297324, seconds: 9.29 },
};

/**
 * The same routes for both runtimes, made of the server's own parts: its multipart reader and its answers to `Range`. Uploads are
 * hashed while they go to disk, as the server does, but not synced: the disk would be measured instead.
 */
export function createBenchApp({ folder, download, open }: BenchAppSetup): Hono {
  const app = new Hono();
  let uploads = 0;
  app.get('/health', (c) => c.json({ status: 'ok' }));

  app.get('/api/jobs/:id', (c) => c.json({ ...job, id: c.req.param('id') }));

  app.post('/api/uploads', async (c) => {
    const rules = {
      fileFields: { file: 1 },
      maxFileBytes: 100 * 2 ** 20,
      storeFile: (content: AsyncIterable<Uint8Array>) => store(content, join(folder, `${process.pid}-${uploads++}`)),
    };
    const { files } = await receiveForm(c.req.raw, rules, async () => {});
    return c.json(files.file?.[0] ?? null, 201);
  });

  app.get('/api/jobs/:id/result', async (c) => {
    const body = await open(download);
    return sendFile(c, { body, type: 'audio/wav', etag: '"1"', cacheControl: 'private', downloadName: 'Bản thu.wav' });
  });

  /** CPU time of the process so far, in seconds. */
  app.get('/cpu', (c) => {
    const { user, system } = process.cpuUsage();
    return c.json({ seconds: (user + system) / 1e6 });
  });
  return app;
}

async function store(content: AsyncIterable<Uint8Array>, path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      yield chunk;
    }
  };
  await pipeline(counted, createWriteStream(path));
  await rm(path);
  return { bytes, sha256: hash.digest('hex') };
}
