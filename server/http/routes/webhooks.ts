import { createRoute } from '@hono/zod-openapi';
import { InputError } from '#core/errors.ts';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';
import { deliveryListSchema, webhookSecretSchema } from '../schemas/webhooks.ts';

const getSecret = createRoute({
  method: 'get',
  path: '/api/webhooks/secret',
  summary: "What the session's webhooks are signed with; not found where the operator has set one secret for all",
  responses: { 200: json(webhookSecretSchema, 'The secret'), ...problems(404, 429) },
});

const getDeliveries = createRoute({
  method: 'get',
  path: '/api/webhooks/deliveries',
  summary: "How the session's webhooks stand, newest first; settled ones are told of for a week",
  responses: { 200: json(deliveryListSchema, 'Deliveries'), ...problems(429) },
});

export function webhookRoutes(app: App, { webhooks }: Services): void {
  app.openapi(getSecret, async (c) => {
    const secret = await webhooks.secretOf(await c.var.visitor.workspace());
    if (secret === undefined) throw new InputError('not-found');
    return c.json({ secret }, 200);
  });

  app.openapi(getDeliveries, async (c) => {
    const workspaceId = await c.var.visitor.find();
    return c.json({ deliveries: workspaceId === undefined ? [] : await webhooks.list(workspaceId) }, 200);
  });
}
