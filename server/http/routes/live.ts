import { createRoute } from '@hono/zod-openapi';
import type { ServerWebSocket, WebSocketHandler } from 'bun';
import { InputError } from '#core/errors.ts';
import { type Language, languages } from '../../language.ts';
import type { LiveClient, LiveHub } from '../../live/hub.ts';
import type { Logger } from '../../observe/log.ts';
import type { App } from '../context.ts';
import { isForeign } from '../middleware/same-origin.ts';
import { problems } from '../openapi.ts';
import { problemResponse } from '../problem.ts';
import { clientMessageSchema, liveQuerySchema } from '../schemas/live.ts';

/** What a socket carries along. */
export interface SocketData {
  readonly workspaceId: string;
  readonly language: Language;
  /** Whether session or key still open the workspace. */
  readonly isStillKnown: () => Promise<boolean>;
  /** The opening request's. */
  readonly log: Logger;
  client?: LiveClient;
  /** Ends the looking after `isStillKnown`. */
  watch?: Timer;
}

/** A client's message is at most this long, and so is what waits for a slow reader, in bytes. */
const maxMessageBytes = 64 * 2 ** 10;
const maxWaitingBytes = 2 ** 20;
/** How often it is asked whether a socket may stay, in milliseconds: a key may be revoked, a session forgotten. */
const watchInterval = 60_000;

/** The protocol that answers a client which names one, as it must to bring its key along as another. */
const protocol = 'giong';
/** Said with the code 1008. */
const accessEnded = 'the access has ended';

const getLive = createRoute({
  method: 'get',
  path: '/ws',
  summary: "WebSocket: news of the workspace's jobs as LiveMessages; a client says ClientMessages",
  description:
    'Opened by the session cookie, only from pages of this server; or by an API key, as `Authorization: Bearer` or, where headers ' +
    'cannot be set, with the subprotocols `giong` and `giong.key.<key>`. A message is at most 64 KiB; who reads too slowly is cut off.',
  request: { query: liveQuerySchema },
  responses: { 101: { description: 'The socket is open' }, ...problems(401, 403, 426, 429) },
});

/** `GET /ws?language=vi|en`: news of the session's jobs, as `LiveMessage`s. */
export function liveRoutes(app: App): void {
  app.openAPIRegistry.registerPath(getLive);
  app.openAPIRegistry.register('ClientMessage', clientMessageSchema);
  app.get(getLive.path, async (c) => {
    const workspaceId = await c.var.visitor.find();
    if (workspaceId === undefined) throw new InputError('unauthorized');
    if (c.var.visitor.access === 'session' && isForeign(c)) throw new InputError('forbidden');
    const language = languages.find((known) => known === c.req.query('language')) ?? c.var.language;
    const { visitor } = c.var;
    const data: SocketData = { workspaceId, language, isStillKnown: () => visitor.isStillKnown(), log: c.var.log };
    const named = c.req.header('Sec-WebSocket-Protocol') !== undefined;
    const headers = named ? { 'Sec-WebSocket-Protocol': protocol } : {};
    if (c.env.server.upgrade(c.req.raw, { data, headers })) return new Response(null);
    return problemResponse(c, new InputError('request-invalid'), 426);
  });
}

/** The sockets' side of `Bun.serve`. A reader that can't keep up is dropped and comes back when it can. */
export function liveSockets(
  hub: Pick<LiveHub, 'join' | 'leave'>,
  interval = watchInterval,
): WebSocketHandler<SocketData> {
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
        dismiss: () => socket.close(1008, accessEnded),
      };
      socket.data.client = client;
      socket.data.watch = setInterval(() => void closeUnknown(socket), interval);
      hub.join(client);
    },
    message(socket, message) {
      if (!isPing(message)) socket.close(1008, 'not a message of this protocol');
      else socket.data.client?.send({ type: 'pong' });
    },
    close(socket, code) {
      clearInterval(socket.data.watch);
      socket.data.log.debug({ code }, 'socket closed');
      if (socket.data.client) hub.leave(socket.data.client);
    },
  };
}

/** The only thing that there is to say. */
function isPing(message: string | Buffer): boolean {
  try {
    return clientMessageSchema.safeParse(JSON.parse(String(message))).success;
  } catch {
    return false;
  }
}

/** Closes a socket whose key was revoked or whose session has ended. While that can't be told it stays. */
async function closeUnknown(socket: ServerWebSocket<SocketData>): Promise<void> {
  const isKnown = await socket.data.isStillKnown().catch(() => true);
  if (!isKnown) socket.close(1008, accessEnded);
}
