import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { KeyCreated } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { LiveNews, Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_WORKERS: '0' });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

interface SocketOptions {
  readonly headers?: Record<string, string>;
  readonly protocols?: string[];
}

function open(options: SocketOptions, path = '/ws'): WebSocket {
  // The DOM's type does not know of the headers that Bun's WebSocket can send.
  return Reflect.construct(WebSocket, [server.url.replace('http', 'ws') + path, options]);
}

/** The code and reason with which the socket is closed. */
async function closing(socket: WebSocket): Promise<string> {
  return new Promise((resolve) => {
    socket.addEventListener('close', ({ code, reason }) => resolve(`${code} ${reason}`));
  });
}

/** The status of the answer to an attempt to open a socket. */
async function handshake(headers: Record<string, string>): Promise<number> {
  const upgrade = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
  const key = { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' };
  return (await fetch(`${server.url}/ws`, { headers: { ...upgrade, ...key, ...headers } })).status;
}

async function visitorWithKey() {
  const visitor = new Visitor(server);
  const { key, id } = (await (await visitor.post('/api/keys', { name: 'x' })).json()) as KeyCreated;
  return { visitor, key, id };
}

const request = { source: 'sample-vietnamese', voice: 'sample-1688' };

describe('a live socket', () => {
  test('tells who has the key of the news, by header or by subprotocol', async () => {
    const { visitor, key } = await visitorWithKey();
    const { id } = await visitor.convert(request);
    const ways = [{ headers: { Authorization: `Bearer ${key}` } }, { protocols: ['giong', `giong.key.${key}`] }];
    const answered = [];
    for (const options of ways) {
      const socket = open(options);
      using news = new LiveNews(socket);
      expect(await news.until((message) => message.type === 'hello')).toMatchObject({ jobs: [{ id }] });
      answered.push(socket.protocol);
    }
    expect(answered).toEqual(['', 'giong']);
  });

  test('opens to nobody without session or key, nor to the page of another site with the cookie', async () => {
    const { visitor, key, id } = await visitorWithKey();
    const { cookie: Cookie = '' } = visitor;
    const elsewhere = { Origin: 'https://elsewhere.example' };
    expect(await handshake({})).toBe(401);
    expect(await handshake({ Cookie: 'giong_session=guess' })).toBe(401);
    expect(await handshake({ Cookie, Authorization: 'Bearer guess' })).toBe(401);
    expect(await handshake({ Cookie, 'Sec-WebSocket-Protocol': 'giong, giong.key.guess' })).toBe(401);
    expect(await handshake({ Cookie, ...elsewhere })).toBe(403);
    using news = new LiveNews(open({ headers: { Authorization: `Bearer ${key}`, ...elsewhere } }));
    await news.until((message) => message.type === 'hello');
    await visitor.fetch(`/api/keys/${id}`, { method: 'DELETE' });
    expect(await handshake({ Authorization: `Bearer ${key}` })).toBe(401);
    expect((await visitor.fetch('/ws')).status).toBe(426);
  });

  test('ignores the session_id of older clients', async () => {
    const [an, binh] = [new Visitor(server), new Visitor(server)];
    await an.convert(request);
    await binh.fetch('/api/session');
    const session = an.cookie?.split('=')[1] ?? '';
    using news = new LiveNews(open({ headers: { Cookie: binh.cookie ?? '' } }, `/ws?session_id=${session}`));
    expect(await news.until((message) => message.type === 'hello')).toEqual({ type: 'hello', jobs: [] });
  });

  test('answers a ping; any other message ends it', async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    const headers = { Cookie: visitor.cookie ?? '' };
    for (const message of ['{"type":"ping","x":1}', '{"type":"cancel"}', 'ping', '[]']) {
      const socket = open({ headers });
      using news = new LiveNews(socket);
      await news.until((heard) => heard.type === 'hello');
      news.send('{"type":"ping"}');
      await news.until((heard) => heard.type === 'pong');
      const closed = closing(socket);
      news.send(message);
      expect(await closed).toBe('1008 not a message of this protocol');
    }
  });

  test('takes no message beyond 64 KiB', async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    const socket = open({ headers: { Cookie: visitor.cookie ?? '' } });
    using news = new LiveNews(socket);
    await news.until((heard) => heard.type === 'hello');
    const closed = closing(socket);
    news.send(`{"type":"ping"}${' '.repeat(65_536 - 15)}`);
    await news.until((heard) => heard.type === 'pong');
    news.send(`{"type":"ping"}${' '.repeat(65_536)}`);
    expect(await closed).toStartWith('1009');
  });
});
