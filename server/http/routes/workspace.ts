import { createRoute } from '@hono/zod-openapi';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';
import { workspaceSchema } from '../schemas/workspace.ts';

const getWorkspace = createRoute({
  method: 'get',
  path: '/api/workspace',
  summary: 'How much the session has stored, how much it may store, and for how long',
  responses: { 200: json(workspaceSchema, 'The workspace'), ...problems(429, 503) },
});

export function workspaceRoutes(app: App, { storage }: Services): void {
  app.openapi(getWorkspace, async (c) => c.json(await storage.view(await c.var.visitor.find()), 200));
}
