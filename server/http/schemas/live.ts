import { z } from '@hono/zod-openapi';

/** What a client may say over `/ws`. */
export const clientMessageSchema = z
  .strictObject({ type: z.literal('ping').meta({ description: 'Is answered with `pong`' }) })
  .meta({ id: 'ClientMessage' });

export const liveQuerySchema = z.object({
  language: z.string().optional().meta({ description: 'Of the news, `vi` or `en`; left out: by Accept-Language' }),
  session_id: z.string().optional().meta({
    description:
      'Older clients send it. It is ignored: cookie or key say whose news these are, never an address that others can read.',
  }),
});
