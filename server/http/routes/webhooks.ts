import { createRoute, z } from '@hono/zod-openapi';
import { InputError } from '#core/errors.ts';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';

const secretSchema = z
  .object({ secret: z.string().meta({ description: 'Key of the HMAC-SHA256 in X-Giong-Signature, over the body' }) })
  .meta({ id: 'WebhookSecret' });

const getSecret = createRoute({
  method: 'get',
  path: '/api/webhooks/secret',
  summary: "What the session's webhooks are signed with; not found where the operator has set one secret for all",
  responses: { 200: json(secretSchema, 'The secret'), ...problems(404, 429) },
});

export function webhookRoutes(app: App, { webhooks }: Services): void {
  app.openapi(getSecret, async (c) => {
    const secret = await webhooks.secretOf(await c.var.visitor.workspace());
    if (secret === undefined) throw new InputError('not-found');
    return c.json({ secret }, 200);
  });
}
