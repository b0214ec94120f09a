import { createRoute, z } from '@hono/zod-openapi';
import { type App, type AppContext, ownWorkspace, type Services } from '../context.ts';
import { audioFile, json, problems } from '../openapi.ts';
import { jobPageSchema } from '../schemas/jobs.ts';
import { jobListSchema, jobSchema, type outputFormats } from '../schemas.ts';
import { sendFile } from '../send-file.ts';

const byId = { params: z.object({ id: z.string() }) };

const getJobs = createRoute({
  method: 'get',
  path: '/api/jobs',
  summary: "The session's conversions, newest first, page by page",
  request: { query: jobPageSchema },
  responses: { 200: json(jobListSchema, 'Conversions'), ...problems(400, 404, 429) },
});

/** Where one conversion is found: the first path of each pair is ours, the second what older clients know. */
const jobPaths = ['/api/jobs/{id}', '/api/convert/{id}/status'] as const;
const cancelPaths = ['/api/jobs/{id}', '/api/convert/{id}'] as const;
const resultPaths = ['/api/jobs/{id}/result', '/api/convert/{id}/result'] as const;

const getJob = (path: (typeof jobPaths)[number]) =>
  createRoute({
    method: 'get',
    path,
    summary: 'How far a conversion is',
    request: byId,
    responses: { 200: json(jobSchema, 'The conversion'), ...problems(404, 429) },
  });

const deleteJob = (path: (typeof cancelPaths)[number]) =>
  createRoute({
    method: 'delete',
    path,
    summary: 'Stop a conversion; one that has ended stays as it is, or is deleted with its result (`purge`)',
    request: { ...byId, query: z.strictObject({ purge: z.enum(['true', 'false']).default('false') }) },
    responses: {
      200: json(jobSchema, 'The conversion as it is now'),
      204: { description: 'It is gone' },
      ...problems(400, 403, 404, 409, 429, 503),
    },
  });

const getResult = (path: (typeof resultPaths)[number]) =>
  createRoute({
    method: 'get',
    path,
    summary: 'The converted recording',
    request: byId,
    responses: { ...audioFile, ...problems(404, 429) },
  });

const contentTypes: Readonly<Record<(typeof outputFormats)[number], string>> = {
  wav: 'audio/wav',
  flac: 'audio/flac',
  mp3: 'audio/mpeg',
};

export function jobRoutes(app: App, { jobs, storage }: Services): void {
  app.openapi(getJobs, async (c) => {
    const workspaceId = await c.var.visitor.find();
    const page = c.req.valid('query');
    return c.json(workspaceId ? await jobs.list(workspaceId, c.var.language, page) : { jobs: [] }, 200);
  });

  for (const path of jobPaths) {
    app.openapi(getJob(path), async (c) => {
      return c.json(await jobs.get(await ownWorkspace(c), c.req.valid('param').id, c.var.language), 200);
    });
  }

  for (const path of cancelPaths) {
    app.openapi(deleteJob(path), async (c) => {
      const { id } = c.req.valid('param');
      const workspaceId = await ownWorkspace(c);
      if (c.req.valid('query').purge === 'false') {
        return c.json(await jobs.cancel(workspaceId, id, c.var.language), 200);
      }
      await jobs.get(workspaceId, id, c.var.language);
      await storage.removeJob(workspaceId, id);
      return c.body(null, 204);
    });
  }

  const sendResult = async (c: AppContext, id: string) => {
    const { file, about } = await jobs.result(await ownWorkspace(c), id, c.var.language);
    return sendFile(c, {
      body: file,
      type: contentTypes[about.format],
      etag: `"${id}"`,
      cacheControl: 'private, max-age=86400',
      downloadName: about.name,
    });
  };
  for (const path of resultPaths) app.openAPIRegistry.registerPath(getResult(path));
  app.get('/api/jobs/:id/result', (c) => sendResult(c, c.req.param('id')));
  app.get('/api/convert/:id/result', (c) => sendResult(c, c.req.param('id')));
}
