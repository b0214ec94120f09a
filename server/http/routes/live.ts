import type { ServerWebSocket, WebSocketHandler } from 'bun';
import { InputError } from '#core/errors.ts';
import { type Language, languages } from '../../language.ts';
import type { LiveClient, LiveHub } from '../../live/hub.ts';
import type { App } from '../context.ts';
import { isForeign } from '../middleware/same-origin.ts';
import { problemResponse } from '../problem.ts';

/** What a socket carries along. */
export interface SocketData {
  readonly workspaceId: string;
  readonly language: Language;
  client?: LiveClient;
}

/** A client's message is at most this long, and so is what waits for a slow reader, in bytes. */
const maxMessageBytes = 64 * 2 ** 10;
const maxWaitingBytes = 2 ** 20;

/** `GET /ws?language=vi|en`: news of the session's jobs, as `LiveMessage`s. */
export function liveRoutes(app: App): void {
  app.get('/ws', async (c) => {
    const workspaceId = await c.var.visitor.find();
    if (workspaceId === undefined) throw new InputError('unauthorized');
    if (isForeign(c)) throw new InputError('forbidden');
    const language = languages.find((known) => known === c.req.query('language')) ?? c.var.language;
    if (c.env.server.upgrade(c.req.raw, { data: { workspaceId, language } })) return new Response(null);
    return problemResponse(c, new InputError('request-invalid'), 426);
  });
}

/** The sockets' side of `Bun.serve`. A reader that can't keep up is dropped and comes back when it can. */
export function liveSockets(hub: LiveHub): WebSocketHandler<SocketData> {
  return {
    maxPayloadLength: maxMessageBytes,
    backpressureLimit: maxWaitingBytes,
    closeOnBackpressureLimit: true,
    idleTimeout: 120,
    sendPings: true,
    open(socket: ServerWebSocket<SocketData>) {
      const { workspaceId, language } = socket.data;
      const client: LiveClient = {
        workspaceId,
        language,
        send: (message) => void socket.send(JSON.stringify(message)),
        close: () => socket.close(1013, 'try again later'),
      };
      socket.data.client = client;
      hub.join(client);
    },
    message(socket) {
      socket.close(1008, 'this socket only tells');
    },
    close(socket) {
      if (socket.data.client) hub.leave(socket.data.client);
    },
  };
}
