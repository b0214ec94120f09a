import { createRoute } from '@hono/zod-openapi';
import { version } from '../../paths.ts';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';
import { sessionSchema } from '../schemas.ts';

const getSession = createRoute({
  method: 'get',
  path: '/api/session',
  summary: 'Begin: sets the session cookie when there is none, and tells what the server offers',
  responses: { 200: json(sessionSchema, 'What the server offers'), ...problems(429) },
});

const deleteSession = createRoute({
  method: 'delete',
  path: '/api/session',
  summary: 'Forget this browser: what the session owns is then out of reach, but for holders of its API keys',
  responses: { 204: { description: 'The cookie is gone and opens nothing any more' }, ...problems(401, 403, 429) },
});

export function sessionRoutes(app: App, { config, catalogue }: Services): void {
  app.openapi(getSession, async (c) => {
    await c.var.visitor.workspace();
    const limits = { uploadBytes: config.maxUploadBytes, audioSeconds: config.maxAudioSeconds };
    return c.json({ version, engines: await catalogue.readyIds(), limits }, 200);
  });

  app.openapi(deleteSession, async (c) => {
    await c.var.visitor.forget();
    return c.body(null, 204);
  });
}
