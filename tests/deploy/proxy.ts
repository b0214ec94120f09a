import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeProxyCertificate } from '../services/certificate.ts';
import { freePort } from '../services/ports.ts';
import { pathOf } from '../services/programs.ts';
import { removeFolder, Service, temporaryFolder } from '../services/service.ts';
import { until } from '../services/until.ts';

const configuration = join(import.meta.dir, '..', '..', 'haproxy.cfg');

export interface RunningProxy extends AsyncDisposable {
  /** Where it speaks TLS. */
  readonly url: string;
  readonly port: number;
  readonly plainUrl: string;
  readonly statsUrl: string;
  readonly service: Service;
  /** Replaces the text before the project's configuration, and reloads. */
  reload(prefix: string): Promise<void>;
}

export interface ProxyOptions {
  /** Port of the DNS server to ask instead of the machine's. */
  readonly dnsPort?: number;
  /** What stands before the project's configuration, as an installation's own values do. */
  readonly prefix?: string;
}

/** HAProxy with the project's own configuration, as systemd runs it: a master process and its workers. */
export async function startProxy(
  replicas: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  { dnsPort, prefix = '' }: ProxyOptions = {},
): Promise<RunningProxy> {
  const [port, plain, stats] = [freePort(), freePort(), freePort()];
  const folder = await temporaryFolder('haproxy');
  const certificate = await makeProxyCertificate();
  const file = join(folder, 'haproxy.cfg');
  const original = await readFile(configuration, 'utf8');
  const text =
    dnsPort === undefined ? original : original.replace('parse-resolv-conf', `nameserver test 127.0.0.1:${dnsPort}`);
  await writeFile(file, prefix + text);
  const url = `https://127.0.0.1:${port}`;
  const service = await Service.start({
    name: 'haproxy',
    command: [pathOf('haproxy'), '-W', '-db', '-f', file],
    folder,
    environment: {
      GIONG_HTTP_BIND: `127.0.0.1:${plain}`,
      GIONG_HTTPS_BIND: `127.0.0.1:${port}`,
      GIONG_STATS_BIND: `127.0.0.1:${stats}`,
      GIONG_CERTIFICATE: certificate.file,
      ...Object.fromEntries(replicas.map((address, index) => [`GIONG_REPLICA_${index + 1}`, address])),
      ...environment,
    },
    // Its workers end with their master only when that has time to tell them.
    stopSignal: 'SIGTERM',
    ready: () =>
      until(`an answer from ${url}`, async () => {
        const response = await fetch(`${url}/health`, { tls: { rejectUnauthorized: false } });
        return response.ok;
      }),
  });
  return {
    url,
    port,
    plainUrl: `http://127.0.0.1:${plain}`,
    statsUrl: `http://127.0.0.1:${stats}`,
    service,
    async reload(next) {
      await writeFile(file, next + text);
      service.signal('SIGUSR2');
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
      await removeFolder(folder);
      await removeFolder(certificate.folder);
    },
  };
}
