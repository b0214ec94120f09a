import { InputError } from '#core/errors.ts';

/** Environment variables that lead to Redis. At most one of the first three is set; with none of them there is no Redis. */
export const redisVariables = {
  /** One server: `redis://[user:password@]host[:port][/database]`, `rediss://…` with TLS. */
  url: 'REDIS_URL',
  /** A cluster: some of its nodes, `host:port` with commas between. */
  cluster: 'REDIS_CLUSTER',
  /** Sentinels that know the master, `host:port` with commas between. */
  sentinels: 'REDIS_SENTINELS',
  /** What the sentinels call the master; `mymaster` unless told. */
  master: 'REDIS_MASTER',
  username: 'REDIS_USERNAME',
  password: 'REDIS_PASSWORD',
  /** The sentinels' own password. */
  sentinelPassword: 'REDIS_SENTINEL_PASSWORD',
  /** `true`: cluster nodes, or sentinels and their master, speak TLS. */
  tls: 'REDIS_TLS',
} as const;

interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly username?: string;
  readonly password?: string;
  /** Certificates are checked against the system's authorities and `NODE_EXTRA_CA_CERTS`. */
  readonly tls: boolean;
}

/** How to reach Redis. */
export type RedisSettings = Access &
  (
    | { readonly mode: 'single'; readonly address: RedisAddress; readonly database: number }
    | { readonly mode: 'cluster'; readonly nodes: readonly RedisAddress[] }
    | {
        readonly mode: 'sentinel';
        readonly sentinels: readonly RedisAddress[];
        readonly master: string;
        readonly sentinelPassword?: string;
      }
  );

const redisPort = 6379;
const sentinelPort = 26_379;

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined when no Redis is configured. Throws `InputError('option-invalid', { field, value })`; passwords stay out of it. */
export function parseRedisSettings(environment: Environment): RedisSettings | undefined {
  const read = (variable: keyof typeof redisVariables) => environment[redisVariables[variable]] || undefined;
  const [url, cluster, sentinels] = [read('url'), read('cluster'), read('sentinels')];
  if ([url, cluster, sentinels].filter(Boolean).length > 1) {
    throw invalid('url', 'one of REDIS_URL, REDIS_CLUSTER and REDIS_SENTINELS');
  }
  const username = read('username');
  const password = read('password');
  const credentials = { ...(username && { username }), ...(password && { password }) };
  if (url) return { ...credentials, ...parseUrl(url) };
  const tls = parseFlag(read('tls'));
  if (cluster) return { mode: 'cluster', nodes: parseAddresses('cluster', cluster, redisPort), ...credentials, tls };
  if (!sentinels) return undefined;
  const sentinelPassword = read('sentinelPassword');
  return {
    mode: 'sentinel',
    sentinels: parseAddresses('sentinels', sentinels, sentinelPort),
    master: read('master') ?? 'mymaster',
    ...credentials,
    ...(sentinelPassword && { sentinelPassword }),
    tls,
  };
}

/** Where Redis is, without what must stay secret. */
export function describeRedis(settings: RedisSettings): string {
  const list = (addresses: readonly RedisAddress[]) => addresses.map(({ host, port }) => `${host}:${port}`).join(', ');
  const secure = settings.tls ? ' (TLS)' : '';
  switch (settings.mode) {
    case 'single':
      return `Redis ${list([settings.address])}/${settings.database}${secure}`;
    case 'cluster':
      return `Redis Cluster ${list(settings.nodes)}${secure}`;
    case 'sentinel':
      return `Redis ${settings.master} by Sentinel ${list(settings.sentinels)}${secure}`;
  }
}

function parseUrl(text: string): RedisSettings {
  const url = URL.parse(text);
  const database = Number(url?.pathname.slice(1) || 0);
  if (!url?.hostname || !/^rediss?:$/.test(url.protocol) || !Number.isInteger(database)) {
    throw invalid('url', url ? `${url.protocol}//${url.host}${url.pathname}` : '…');
  }
  return {
    mode: 'single',
    address: addressOf(url, redisPort),
    database,
    ...(url.username && { username: decodeURIComponent(url.username) }),
    ...(url.password && { password: decodeURIComponent(url.password) }),
    tls: url.protocol === 'rediss:',
  };
}

function parseAddresses(variable: 'cluster' | 'sentinels', text: string, defaultPort: number): RedisAddress[] {
  return text.split(',').map((entry) => {
    const url = URL.parse(`redis://${entry.trim()}`);
    if (!url?.hostname || url.username || url.password || url.pathname || url.search)
      throw invalid(variable, entry.trim());
    return addressOf(url, defaultPort);
  });
}

/** A bracketed IPv6 address loses its brackets. */
function addressOf(url: URL, defaultPort: number): RedisAddress {
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || defaultPort) };
}

function parseFlag(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw invalid('tls', text);
}

function invalid(variable: keyof typeof redisVariables, value: string): InputError {
  return new InputError('option-invalid', { field: redisVariables[variable], value });
}
