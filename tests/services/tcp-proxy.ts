import type { Socket } from 'bun';
import { freePort } from './ports.ts';

const host = '127.0.0.1';

export interface TcpProxy {
  readonly host: string;
  readonly port: number;
  /** Lets nothing through any more, either way, without a word to the ends: a cable pulled out. New connections stay silent too. */
  cut(): void;
  /** Lets everything through again, what was sent meanwhile first, as TCP does when the cable is back. */
  mend(): void;
  stop(): void;
}

/** One end of a connection through the proxy. */
interface End {
  /** The other end, once it is there. */
  peer: Socket<End> | undefined;
  /** Bytes that came from this end and have not gone out at the other one. */
  readonly outbox: Buffer[];
  isClosed: boolean;
}

/** A wire to a TCP server of this machine that can be cut. */
export function startTcpProxy(targetPort: number): TcpProxy {
  const ends = new Set<Socket<End>>();
  let isCut = false;

  /** Moves what came from this end on to the other one, as far as that takes it. */
  const pump = (from: Socket<End>) => {
    const { peer, outbox } = from.data;
    if (isCut || !peer) return;
    for (let [first] = outbox; first; [first] = outbox) {
      const written = Math.max(0, peer.write(first));
      if (written < first.length) {
        outbox[0] = first.subarray(written);
        return;
      }
      outbox.shift();
    }
    if (from.data.isClosed) {
      ends.delete(from);
      peer.end();
    }
  };
  const close = (socket: Socket<End>) => {
    socket.data.isClosed = true;
    pump(socket);
  };
  const handlers = {
    data(from: Socket<End>, bytes: Buffer) {
      from.data.outbox.push(Buffer.from(bytes));
      pump(from);
    },
    drain(socket: Socket<End>) {
      if (socket.data.peer) pump(socket.data.peer);
    },
    // One that has no more to say wants no more to hear either: so it is with the protocols that go through here.
    end: close,
    close,
    error() {
      // `close` follows.
    },
  };
  const port = freePort();
  const listener = Bun.listen<End>({
    hostname: host,
    port,
    socket: {
      ...handlers,
      open(client) {
        client.data = { peer: undefined, outbox: [], isClosed: false };
        ends.add(client);
        Bun.connect<End>({
          hostname: host,
          port: targetPort,
          data: { peer: client, outbox: [], isClosed: false },
          socket: {
            ...handlers,
            open(server) {
              ends.add(server);
              client.data.peer = server;
              pump(client);
            },
          },
        }).catch(() => client.end());
      },
    },
  });
  return {
    host,
    port,
    cut() {
      isCut = true;
    },
    mend() {
      isCut = false;
      for (const end of ends) pump(end);
    },
    stop() {
      for (const end of ends) end.terminate();
      listener.stop(true);
    },
  };
}
