import { expect, test } from 'bun:test';
import type { LiveMessage } from '#server/http/api-types.ts';
import { createLiveConnection, type LiveListener, type LiveSocket } from './live-connection.ts';

/** A connection whose sockets and clock the test moves by hand. */
function setUp() {
  const sockets: FakeSocket[] = [];
  const waits: { readonly milliseconds: number; readonly action: () => void; takenBack: boolean }[] = [];
  const connection = createLiveConnection({
    openSocket: () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    },
    after: (milliseconds, action) => {
      const wait = { milliseconds, action, takenBack: false };
      waits.push(wait);
      return () => {
        wait.takenBack = true;
      };
    },
    random: () => 1,
  });
  return { connection, sockets, waits };
}

class FakeSocket implements LiveSocket {
  onopen: LiveSocket['onopen'] = null;
  onmessage: LiveSocket['onmessage'] = null;
  onclose: LiveSocket['onclose'] = null;
  closed = false;

  close(): void {
    this.closed = true;
    this.breaks();
  }
  opens(): void {
    this.onopen?.(new Event('open'));
  }
  says(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data }));
  }
  breaks(): void {
    this.onclose?.(new CloseEvent('close'));
  }
}

function record(): LiveListener & { readonly heard: LiveMessage[]; readonly connected: boolean[]; resyncs: number } {
  const log = {
    heard: [] as LiveMessage[],
    connected: [] as boolean[],
    resyncs: 0,
    onMessage: (message: LiveMessage) => void log.heard.push(message),
    onResync: () => {
      log.resyncs += 1;
    },
    onConnected: (connected: boolean) => void log.connected.push(connected),
  };
  return log;
}

const progress: LiveMessage = { type: 'progress', id: 'j_1', progress: 0.5, etaSeconds: 2 };

test('nothing is connected before somebody listens, and one socket serves all', () => {
  const { connection, sockets } = setUp();
  expect(sockets).toHaveLength(0);
  connection.listen(record());
  connection.listen(record());
  expect(sockets).toHaveLength(1);
});

test('each listener hears each message, and what is no message is passed over', () => {
  const { connection, sockets } = setUp();
  const [first, second] = [record(), record()];
  connection.listen(first);
  connection.listen(second);
  sockets[0]?.opens();
  sockets[0]?.says('{ not JSON');
  sockets[0]?.says(new ArrayBuffer(4));
  sockets[0]?.says(JSON.stringify(progress));
  expect(first.heard).toEqual([progress]);
  expect(second.heard).toEqual([progress]);
});

test('a broken connection comes back after growing waits, which start anew once it stood', () => {
  const { connection, sockets, waits } = setUp();
  connection.listen(record());
  sockets[0]?.breaks();
  waits[0]?.action();
  sockets[1]?.breaks();
  waits[1]?.action();
  sockets[2]?.opens();
  sockets[2]?.breaks();
  expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([500, 1000, 500]);
});

test('a listener is told to ask the API when the connection stands and whenever a try failed', () => {
  const { connection, sockets, waits } = setUp();
  const listener = record();
  connection.listen(listener);
  sockets[0]?.opens();
  expect(listener.resyncs).toBe(1);
  sockets[0]?.breaks();
  expect(listener.resyncs).toBe(2);
  waits[0]?.action();
  sockets[1]?.breaks();
  expect(listener.resyncs).toBe(3);
  expect(listener.connected).toEqual([true, false, false]);
});

test('the last one to leave closes the connection and no retry is left behind', () => {
  const { connection, sockets, waits } = setUp();
  const leave = [connection.listen(record()), connection.listen(record())];
  leave[0]?.();
  expect(sockets[0]?.closed).toBe(false);
  leave[1]?.();
  expect(sockets[0]?.closed).toBe(true);
  expect(waits).toHaveLength(0);
});

test('leaving while a retry is due takes the retry back', () => {
  const { connection, sockets, waits } = setUp();
  const leave = connection.listen(record());
  sockets[0]?.breaks();
  leave();
  expect(waits[0]?.takenBack).toBe(true);
});

test('whoever listens after all have left gets a new connection', () => {
  const { connection, sockets } = setUp();
  connection.listen(record())();
  const listener = record();
  connection.listen(listener);
  sockets[1]?.opens();
  sockets[1]?.says(JSON.stringify(progress));
  expect(listener.heard).toEqual([progress]);
});
