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

const deleteWorkspace = createRoute({
  method: 'delete',
  path: '/api/workspace',
  summary: 'Delete all that the workspace has, for good: recordings, voices, jobs, results, API keys, sessions',
  description:
    'Jobs that wait or run are cancelled, sockets hear `cleared` and are closed. Session and keys open nothing any more; ' +
    'whoever comes next begins anew.',
  responses: { 204: { description: 'Nothing is left' }, ...problems(401, 403, 429, 503) },
});

export function workspaceRoutes(app: App, { storage, removal, log }: Services): void {
  app.openapi(getWorkspace, async (c) => c.json(await storage.view(await c.var.visitor.find()), 200));

  app.openapi(deleteWorkspace, async (c) => {
    const workspaceId = await c.var.visitor.find();
    if (workspaceId !== undefined) {
      await removal.remove(workspaceId);
      log.info({ workspaceId }, 'a workspace was deleted');
    }
    await c.var.visitor.forget();
    return c.body(null, 204);
  });
}
