import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { S3Settings } from '#server/files/s3.ts';
import { freePort } from './ports.ts';
import { removeFolder, Service, temporaryFolder } from './service.ts';
import { until } from './until.ts';

const root = join(import.meta.dir, '..', '..');
/** Where `.ci/run` puts it. */
const environment = join(root, 'node_modules', '.cache', 'giong', 'moto');
const program = join(environment, 'bin', 'moto_server');
const requirements = relative(root, join(import.meta.dir, 'moto-requirements.txt'));

export const isMotoInstalled = existsSync(program);

/** What a skipped test says in its name. */
export const needsMoto = isMotoInstalled
  ? ''
  : ` (needs moto: python3 -m venv ${relative(root, environment)} && ${relative(root, environment)}/bin/pip install -r ${requirements})`;

export interface Moto {
  readonly service: Service;
  readonly url: string;
  /** An empty bucket of its own for one test. */
  createBucket(): Promise<S3Settings>;
  stop(): Promise<void>;
}

/** An S3-compatible server on 127.0.0.1, which keeps everything in memory and takes any keys. */
export async function startMoto(): Promise<Moto> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const folder = await temporaryFolder('moto');
  const service = await Service.start({
    name: `moto on ${port}`,
    command: [program, '-H', '127.0.0.1', '-p', `${port}`],
    folder,
    ready: () => until(`an answer from moto on port ${port}`, () => fetch(url).then((answer) => answer.ok)),
  });
  let buckets = 0;
  return {
    service,
    url,
    async createBucket() {
      const bucket = `bucket-${++buckets}`;
      const made = await fetch(`${url}/${bucket}`, { method: 'PUT' });
      if (!made.ok) throw new Error(`no bucket: ${await made.text()}`);
      return { bucket, endpoint: url, region: 'us-east-1', accessKeyId: 'test', secretAccessKey: 'secret' };
    },
    async stop() {
      await service.stop();
      await removeFolder(folder);
    },
  };
}
