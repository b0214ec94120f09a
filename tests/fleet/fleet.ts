import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type GiongProcess,
  makeDataFolder,
  type ServerProcess,
  startServerProcess,
  startWorkerProcess,
} from '../server/server-process.ts';
import { makeProxyCertificate } from '../services/certificate.ts';
import { startHaproxy } from '../services/haproxy.ts';
import { freePort } from '../services/ports.ts';
import { removeFolder } from '../services/service.ts';

const configuration = join(import.meta.dir, '..', '..', 'haproxy.cfg');

export interface Fleet extends AsyncDisposable {
  /** Where HAProxy speaks TLS. */
  readonly url: string;
  readonly dataFolder: string;
  readonly replicas: readonly Member[];
  readonly workers: readonly Member[];
}

/** One process of the fleet, whoever it is at the moment. */
export interface Member {
  /** SIGKILL; a successor with the same address starts at once. Resolves when that is there. */
  replace(): Promise<void>;
}

/** Replicas that serve and do not convert, and workers that convert, behind the project's own `haproxy.cfg`. */
export async function startFleet(
  environment: Readonly<Record<string, string>>,
  counts: { replicas: number; workers: number },
): Promise<Fleet> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await makeDataFolder());
  const shared = { ...environment, GIONG_PROXIES: '1' };

  const ports = Array.from({ length: counts.replicas }, freePort);
  const replicas: Member[] = [];
  for (const port of ports) {
    const startReplica = () => startServerProcess(folder.path, { ...shared, GIONG_WORKERS: '0' }, port);
    replicas.push(stack.use(memberOf<ServerProcess>(await startReplica(), startReplica)));
  }
  const startWorker = () => startWorkerProcess(folder.path, { ...shared, GIONG_WORKERS: '1' });
  const workers: Member[] = [];
  for (let index = 0; index < counts.workers; index++) {
    workers.push(stack.use(memberOf<GiongProcess>(await startWorker(), startWorker)));
  }

  const port = freePort();
  const certificate = await makeProxyCertificate();
  stack.defer(() => removeFolder(certificate.folder));
  const url = `https://127.0.0.1:${port}`;
  const haproxy = await startHaproxy(await readFile(configuration, 'utf8'), {
    environment: {
      GIONG_HTTP_BIND: `127.0.0.1:${freePort()}`,
      GIONG_HTTPS_BIND: `127.0.0.1:${port}`,
      GIONG_CERTIFICATE: certificate.file,
      // All users of a test come from one address.
      GIONG_CONNECTIONS_PER_ADDRESS: '1000',
      GIONG_MAXCONN: '2000',
      ...Object.fromEntries(ports.map((replica, index) => [`GIONG_REPLICA_${index + 1}`, `127.0.0.1:${replica}`])),
    },
    readyUrl: `${url}/health`,
  });
  stack.defer(() => haproxy.stop());
  const everything = stack.move();
  return {
    url,
    dataFolder: folder.path,
    replicas,
    workers,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

function memberOf<Kind extends GiongProcess>(first: Kind, start: () => Promise<Kind>): Member & AsyncDisposable {
  let current = first;
  return {
    async replace() {
      await current.kill();
      current = await start();
    },
    async [Symbol.asyncDispose]() {
      await current.kill();
    },
  };
}
