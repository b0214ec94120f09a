import { describe, expect, test } from 'bun:test';
import { FleetUser } from '../fleet/fleet-user.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from '../server/server-process.ts';
import { freePort } from '../services/ports.ts';
import { isInstalled, needs, type Program, pathOf } from '../services/programs.ts';
import { startRedis } from '../services/redis.ts';
import { until } from '../services/until.ts';
import { startDns } from './dns.ts';
import { type RunningProxy, startProxy } from './proxy.ts';

const programs: readonly Program[] = ['haproxy', 'openssl', 'redis-server'];
const tls = { rejectUnauthorized: false };

/** A replica that answers with the headers it got, and whose readiness the test decides. */
function startEcho(hostname = '127.0.0.1', port = freePort()) {
  let isReady = true;
  const server = Bun.serve({
    port,
    hostname,
    fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/health') return new Response('ok');
      if (pathname === '/ready') return new Response('', { status: isReady ? 200 : 503 });
      return Response.json({ port, hostname, headers: Object.fromEntries(request.headers) });
    },
  });
  return {
    port,
    address: `${hostname}:${port}`,
    setReady(value: boolean) {
      isReady = value;
    },
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

const answererOf = async ({ url }: RunningProxy): Promise<number> =>
  ((await (await fetch(url, { tls, keepalive: false })).json()) as { port: number }).port;

/** What OpenSSL's client hears when it insists on a version of TLS, or offers protocols. */
async function handshake(port: number, ...options: readonly string[]) {
  const child = Bun.spawn([pathOf('openssl'), 's_client', '-connect', `127.0.0.1:${port}`, ...options], {
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [output, errors] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return output + errors;
}

describe.skipIf(!programs.every(isInstalled))(`haproxy.cfg${programs.map(needs).join('')}`, () => {
  test('leads from port 80 to TLS, speaks HTTP/2, and refuses what is older than TLS 1.2', async () => {
    await using echo = startEcho();
    await using proxy = await startProxy([echo.address]);
    const moved = await fetch(`${proxy.plainUrl}/api/jobs?limit=1`, { redirect: 'manual' });
    expect(moved.status).toBe(308);
    expect(moved.headers.get('Location')).toMatch(/^https:\/\/[^/]+\/api\/jobs\?limit=1$/);

    const old = ['-cipher', 'DEFAULT@SECLEVEL=0'];
    expect(await handshake(proxy.port, '-tls1_1', ...old)).toMatch(/alert protocol version/);
    expect(await handshake(proxy.port, '-tls1', ...old)).toMatch(/alert protocol version/);
    expect(await handshake(proxy.port, '-tls1_2', '-cipher', 'AES128-SHA')).toMatch(/handshake failure/);
    expect(await handshake(proxy.port, '-tls1_2')).toMatch(/Protocol *: TLSv1\.2/);
    expect(await handshake(proxy.port, '-alpn', 'h2,http/1.1')).toMatch(/ALPN protocol: h2/);
  });

  test('tells replicas the real address, whatever a client claims', async () => {
    await using echo = startEcho();
    await using proxy = await startProxy([echo.address]);
    const claims = { 'X-Forwarded-For': '192.0.2.7', 'X-Forwarded-Proto': 'http', Forwarded: 'for=192.0.2.7' };
    const { headers } = (await (await fetch(proxy.url, { headers: claims, tls })).json()) as {
      headers: Record<string, string>;
    };
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    expect(headers['x-forwarded-proto']).toBe('https');
    expect(headers).not.toHaveProperty('forwarded');
  });

  test('prefers replicas that are ready; where none is, one that lives answers', async () => {
    await using first = startEcho();
    await using second = startEcho();
    await using proxy = await startProxy([first.address, second.address]);
    first.setReady(false);
    await until('requests avoid the replica that is not ready', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => answererOf(proxy)));
      return answers.every((port) => port === second.port);
    });
    second.setReady(false);
    await until('both answer again', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => answererOf(proxy)));
      return new Set(answers).size === 2;
    });
  });

  test('follows a name to all its addresses, as containers come and go', async () => {
    const port = freePort();
    await using _first = startEcho('127.0.0.2', port);
    await using _second = startEcho('127.0.0.3', port);
    using dns = await startDns(['127.0.0.2']);
    await using proxy = await startProxy([], { GIONG_REPLICAS_DNS: `server.test:${port}` }, { dnsPort: dns.port });
    const answerers = async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(proxy.url, { tls, keepalive: false })));
      const bodies = await Promise.all(answers.map((answer) => answer.json() as Promise<{ hostname: string }>));
      return [...new Set(bodies.map(({ hostname }) => hostname))].toSorted().join();
    };
    await until('the one that the name has', async () => (await answerers()) === '127.0.0.2');
    dns.setAddresses(['127.0.0.2', '127.0.0.3']);
    await until('both', async () => (await answerers()) === '127.0.0.2,127.0.0.3');
    dns.setAddresses(['127.0.0.3']);
    await until('the new one alone', async () => (await answerers()) === '127.0.0.3');
  }, 60_000);

  test('shows its statistics and measures only to those who know the password, and to nobody without one', async () => {
    await using echo = startEcho();
    await using closed = await startProxy([echo.address]);
    await expect(fetch(closed.statsUrl)).rejects.toThrow();
    await using proxy = await startProxy([echo.address], { GIONG_STATS_PASSWORD: 'sesame' });
    const statusFor = async (path: string, password?: string) => {
      const headers: Record<string, string> = password ? { Authorization: `Basic ${btoa(`admin:${password}`)}` } : {};
      return (await fetch(proxy.statsUrl + path, { headers })).status;
    };
    for (const path of ['/', '/stats', '/metrics']) {
      expect(await statusFor(path)).toBe(401);
      expect(await statusFor(path, 'guess')).toBe(401);
      expect(await statusFor(path, 'sesame')).toBe(200);
    }
  });

  test('lets one address have only so many connections', async () => {
    await using echo = startEcho();
    await using proxy = await startProxy([echo.address], { GIONG_CONNECTIONS_PER_ADDRESS: '3' });
    const refused = Promise.withResolvers<void>();
    const attempts = Array.from({ length: 6 }, () =>
      Bun.connect({
        hostname: '127.0.0.1',
        port: proxy.port,
        // Those beyond the limit are closed at once: long before a silent handshake is given up.
        socket: { data() {}, close: () => refused.resolve(), error: () => refused.resolve() },
      }),
    );
    const connected = await Promise.allSettled(attempts);
    if (connected.every(({ status }) => status === 'fulfilled')) await refused.promise;
    for (const attempt of connected) if (attempt.status === 'fulfilled') attempt.value.end();
    await until('there is room again', async () => (await fetch(proxy.url, { tls, keepalive: false })).ok);
  });

  test('gives up on those who send their headers slowly', async () => {
    await using echo = startEcho();
    await using proxy = await startProxy([echo.address], { GIONG_HEADERS_TIMEOUT: '300ms' });
    const heard = Promise.withResolvers<string>();
    let answer = '';
    using socket = await Bun.connect({
      hostname: '127.0.0.1',
      port: proxy.port,
      tls,
      socket: {
        data(_, bytes) {
          answer += bytes.toString();
        },
        close: () => heard.resolve(answer),
        error: (_, error) => heard.reject(error),
      },
    });
    socket.write('GET / HTTP/1.1\r\nHost: giong\r\n');
    expect(await heard.promise).toStartWith('HTTP/1.1 408 ');
  });

  test('a reload takes on other replicas, as an installation with other numbers does', async () => {
    await using first = startEcho();
    await using second = startEcho();
    await using third = startEcho();
    // As deploy-multiuser.sh writes them: what is gone must be gone from the running process, too.
    const valuesFor = (...replicas: readonly { address: string }[]) =>
      [
        'global',
        '    unsetenv GIONG_REPLICA_1 GIONG_REPLICA_2 GIONG_REPLICA_3',
        ...replicas.map(({ address }, index) => `    setenv GIONG_REPLICA_${index + 1} ${address}`),
        '\n',
      ].join('\n');
    await using proxy = await startProxy([], {}, { prefix: valuesFor(first, second) });
    const become = (...replicas: readonly { port: number }[]) =>
      until(
        `answers of ${replicas.map(({ port }) => port)}`,
        async () => {
          const ports = new Set(await Promise.all(Array.from({ length: 8 }, () => answererOf(proxy))));
          return ports.size === replicas.length && replicas.every(({ port }) => ports.has(port));
        },
        3,
      );
    await become(first, second);
    // A master that has only just started may miss the signal; systemd waits for its word that it is ready.
    await until('the new configuration', async () => {
      await proxy.reload(valuesFor(second, third));
      await become(second, third);
      return true;
    });
  });

  test('a reload and a rolling restart of both replicas cost no request; sockets come back by themselves', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await makeDataFolder());
    const redis = await startRedis();
    stack.defer(() => redis.stop());
    const environment = { REDIS_URL: redis.url, GIONG_PROXIES: '1', GIONG_WORKERS: '0' };
    const ports = [freePort(), freePort()];
    const start = (port: number) => startServerProcess(folder.path, environment, port);
    const replicas = new Map<number, ServerProcess>();
    await Promise.all(ports.map(async (port) => replicas.set(port, await start(port))));
    stack.defer(async () => {
      for (const replica of replicas.values()) await replica.kill();
    });
    const proxy = stack.use(await startProxy(ports.map((port) => `127.0.0.1:${port}`)));

    const user = stack.use(await FleetUser.arrive(proxy.url));
    await until('a greeting', () => user.connections > 0);
    const load = startLoad(proxy.url);
    await load.answered(50);
    proxy.service.signal('SIGUSR2');
    await load.answered(50);
    for (const port of ports) {
      await replicas.get(port)?.stop();
      replicas.set(port, await start(port));
      await load.answered(50);
    }
    expect(await load.stop()).toEqual([]);
    // The socket was with one of the two, which have gone.
    await until('another greeting', () => user.connections > 1);
  }, 60_000);
});

/** Visitors who read and write without a pause, on old connections and new ones. What fails is not repeated, but noted. */
function startLoad(url: string) {
  const failures: string[] = [];
  let answers = 0;
  let isOver = false;
  const ask = async (path: string, init: RequestInit = {}) => {
    const name = `${init.method ?? 'GET'} ${path}`;
    try {
      const response = await fetch(url + path, { ...init, tls });
      await response.bytes();
      if (response.status >= 500) failures.push(`${name}: ${response.status}`);
      answers++;
      return response;
    } catch (error) {
      failures.push(`${name}: ${error}`);
      return undefined;
    }
  };
  const visit = async (keepalive: boolean) => {
    const response = await ask('/api/session', { keepalive });
    const cookie = response?.headers.get('Set-Cookie')?.split(';')[0] ?? '';
    while (!isOver) {
      await ask('/api/jobs', { headers: { Cookie: cookie }, keepalive });
      await ask('/', { keepalive });
      const body = new FormData();
      body.append('file', new File(['not audio'], 'a.txt'));
      await ask('/api/uploads', { method: 'POST', headers: { Cookie: cookie }, body, keepalive });
    }
  };
  const visitors = [true, true, false].map(visit);
  return {
    async answered(more: number) {
      const enough = answers + more;
      await until(`${enough} answers`, () => answers >= enough || failures.length > 0);
    },
    async stop() {
      isOver = true;
      await Promise.all(visitors);
      return failures;
    },
  };
}
