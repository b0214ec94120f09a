import { expect, test } from 'bun:test';
import { createLogger } from '../../observe/log.ts';
import { liveSockets, type SocketData } from './live.ts';

test('a socket is closed once its key or session opens the workspace no more', async () => {
  let isKnown = true;
  const asked = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const data: SocketData = {
    workspaceId: 'w_1',
    language: 'vi',
    async isStillKnown() {
      asked.resolve();
      return isKnown;
    },
    log: createLogger('silent'),
  };
  const hub = { join: () => {}, leave: () => left.resolve() };
  using server = Bun.serve<SocketData>({
    port: 0,
    fetch: (request, self) => (self.upgrade(request, { data }) ? undefined : new Response(null, { status: 426 })),
    websocket: liveSockets(hub, 1),
  });
  const socket = new WebSocket(server.url.href.replace('http', 'ws'));
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
  await asked.promise;
  expect(socket.readyState).toBeLessThan(WebSocket.CLOSING);
  isKnown = false;
  expect(await closed).toMatchObject({ code: 1008, reason: 'the access has ended' });
  await left.promise;
});
