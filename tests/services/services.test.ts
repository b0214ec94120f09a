import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { SQL } from 'bun';
import { startHaproxy } from './haproxy.ts';
import { freePort } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { isInstalled, needs } from './programs.ts';
import { startRedis } from './redis.ts';
import { startTcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

const withRedis = test.skipIf(!isInstalled('redis-server'));

withRedis(`a Redis starts, is killed, starts anew and stops${needs('redis-server')}`, async () => {
  const redis = await startRedis();
  try {
    expect(await redis.ask(['SET', 'key', 'value'], ['GET', 'key'])).toEqual(['OK', 'value']);
    const { pid } = redis.service;
    await redis.service.kill();
    await expect(redis.ask(['PING'])).rejects.toThrow();
    await redis.service.restart();
    expect(redis.service.pid).not.toBe(pid);
    expect(await redis.ask(['GET', 'key'])).toEqual([null]);
  } finally {
    await redis.stop();
  }
  expect(redis.service.isRunning).toBe(false);
  await expect(redis.ask(['PING'])).rejects.toThrow();
});

withRedis(`a program that cannot start says why${needs('redis-server')}`, async () => {
  await expect(startRedis(['--no-such-setting', '1'])).rejects.toThrow(/Bad directive/);
});

withRedis(`a paused Redis answers nothing until it is resumed${needs('redis-server')}`, async () => {
  const redis = await startRedis();
  try {
    redis.service.pause();
    await until('a stopped process', async () => (await processState(redis.service.pid)) === 'T');
    const answer = redis.ask(['PING']);
    redis.service.resume();
    expect(await answer).toEqual(['PONG']);
  } finally {
    await redis.stop();
  }
});

test('what goes through a cut wire arrives when it is mended', async () => {
  const server = Bun.listen({
    hostname: '127.0.0.1',
    port: freePort(),
    socket: {
      data(socket, bytes) {
        socket.write(bytes.toString().toUpperCase());
      },
    },
  });
  const wire = startTcpProxy(server.port);
  const client = await connect(wire.port);
  const neighbour = await connect(server.port);
  client.send('one');
  expect(await client.next()).toBe('ONE');
  wire.cut();
  client.send('two');
  neighbour.send('meanwhile');
  expect(await neighbour.next()).toBe('MEANWHILE');
  expect(client.received).toEqual([]);
  wire.mend();
  expect(await client.next()).toBe('TWO');
  for (const end of [client, neighbour, wire]) end.stop();
  server.stop(true);
});

test.skipIf(!isInstalled('haproxy'))(`a HAProxy serves what its configuration says${needs('haproxy')}`, async () => {
  const backend = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('from behind') });
  const port = freePort();
  const configuration = `
    defaults
      mode http
      timeout connect 1s
      timeout client 5s
      timeout server 5s
    listen test
      bind 127.0.0.1:${port}
      server one 127.0.0.1:"\${BACKEND_PORT}"
  `;
  const readyUrl = `http://127.0.0.1:${port}/`;
  const proxy = await startHaproxy(configuration, { environment: { BACKEND_PORT: `${backend.port}` }, readyUrl });
  expect(await (await fetch(readyUrl)).text()).toBe('from behind');
  await proxy.stop();
  expect(existsSync(proxy.folder)).toBe(false);
  await backend.stop(true);
  await expect(startHaproxy('defaults\n  nonsense\n', { readyUrl })).rejects.toThrow(/unknown keyword 'nonsense'/);
});

test.skipIf(!isInstalled('postgres'))(
  `a PostgreSQL gives each test a database of its own${needs('postgres')}`,
  async () => {
    const postgres = await startPostgres();
    try {
      const sql = new SQL(await postgres.createDatabase());
      await sql`create table jobs (id text)`;
      await sql.close();
      const other = new SQL(await postgres.createDatabase());
      const [found] = await other`select to_regclass('jobs') is not null as exists`;
      expect(found.exists).toBe(false);
      await other.close();
    } finally {
      await postgres.stop();
    }
  },
);

/** The state letter of proc(5): `T` is stopped. */
async function processState(pid: number): Promise<string | undefined> {
  return /^State:\t(.)/m.exec(await Bun.file(`/proc/${pid}/status`).text())?.[1];
}

async function connect(port: number) {
  const received: string[] = [];
  let arrived = Promise.withResolvers<void>();
  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      data(_socket, bytes) {
        received.push(bytes.toString());
        arrived.resolve();
      },
    },
  });
  return {
    received,
    send: (text: string) => socket.write(text),
    async next() {
      while (received.length === 0) {
        await arrived.promise;
        arrived = Promise.withResolvers();
      }
      return received.shift();
    },
    stop: () => socket.end(),
  };
}
