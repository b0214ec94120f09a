import { Redis } from 'ioredis';
import { makeCertificate } from './certificate.ts';
import { freePort } from './ports.ts';
import { pathOf } from './programs.ts';
import { removeFolder, Service, temporaryFolder } from './service.ts';
import { until } from './until.ts';

const host = '127.0.0.1';

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Kills, pauses and restarts it. A restarted server has forgotten everything. */
  readonly service: Service;
  /** Sends commands, each over a connection of its own, and gives the answers. */
  ask(...commands: readonly (readonly string[])[]): Promise<unknown[]>;
  stop(): Promise<void>;
}

/** A Redis on 127.0.0.1 that keeps nothing on disk. `settings` are lines of redis.conf, as arguments. */
export async function startRedis(settings: readonly string[] = []): Promise<RedisServer> {
  return start(settings, freePort(), await temporaryFolder('redis'));
}

export interface SecureRedis extends RedisServer {
  /** `rediss://`, with its password. */
  readonly secureUrl: string;
  /** PEM file of the authority that its certificate comes from. */
  readonly certificateFile: string;
}

/** A Redis that also speaks TLS, and asks for a password there. */
export async function startSecureRedis(): Promise<SecureRedis> {
  const folder = await temporaryFolder('redis');
  const { key, certificate } = makeCertificate(folder);
  const [password, tlsPort] = ['p@ss/word', freePort()];
  const server = await start(
    [
      ...[
        '--tls-port',
        `${tlsPort}`,
        '--tls-cert-file',
        certificate,
        '--tls-key-file',
        key,
        '--tls-auth-clients',
        'no',
      ],
      ...['--user', 'giong', 'on', `>${password}`, '~*', '&*', '+@all'],
    ],
    freePort(),
    folder,
  );
  const secureUrl = `rediss://giong:${encodeURIComponent(password)}@${host}:${tlsPort}`;
  return { ...server, secureUrl, certificateFile: certificate };
}

async function start(settings: readonly string[], port: number, folder: string): Promise<RedisServer> {
  const service = await Service.start({
    name: `redis-server on ${port}`,
    command: [
      pathOf('redis-server'),
      ...['--bind', host, '--port', `${port}`, '--dir', folder],
      ...['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1'],
      ...settings,
    ],
    folder,
    ready: () => until(`PONG from port ${port}`, async () => (await ask(port, ['PING']))[0] === 'PONG'),
  });
  return {
    host,
    port,
    url: `redis://${host}:${port}`,
    service,
    ask: (...commands) => ask(port, ...commands),
    async stop() {
      await service.stop();
      await removeFolder(folder);
    },
  };
}

/** Throws when nobody answers at once. */
export async function ask(port: number, ...commands: readonly (readonly string[])[]): Promise<unknown[]> {
  const client = new Redis({
    host,
    port,
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: 1000,
    commandTimeout: 5000,
    enableReadyCheck: false,
  });
  // The commands' own promises tell what went wrong.
  client.on('error', () => {});
  try {
    await client.connect();
    const answers: unknown[] = [];
    for (const [name = '', ...rest] of commands) answers.push(await client.call(name, ...rest));
    return answers;
  } finally {
    client.disconnect();
  }
}

/** The fields of an INFO section. */
export async function info(port: number, section: string): Promise<Map<string, string>> {
  const [text] = await ask(port, ['INFO', section]);
  const pairs = String(text)
    .split('\r\n')
    .filter((line) => line.includes(':'))
    .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)] as const);
  return new Map(pairs);
}
