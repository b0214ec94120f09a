import type { Context } from 'hono';

/** Browsers can't set headers of a WebSocket: there a key may come as a subprotocol, `giong.key.…`. */
const keyProtocol = 'giong.key.';

/** The key that a program sends along, `Authorization: Bearer …`; empty for one that forgot it. Undefined for who sends none. */
export function bearerOf(c: Context): string | undefined {
  const header = /^Bearer(?:\s+(.*))?$/i.exec(c.req.header('Authorization') ?? '');
  if (header) return header[1]?.trim() ?? '';
  if (c.req.path !== '/ws') return undefined;
  const protocols = (c.req.header('Sec-WebSocket-Protocol') ?? '').split(',').map((protocol) => protocol.trim());
  return protocols.find((protocol) => protocol.startsWith(keyProtocol))?.slice(keyProtocol.length);
}
