import { createRoute, z } from '@hono/zod-openapi';
import { viewModel } from '../../models/model-view.ts';
import { requireAdmin } from '../admin.ts';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';
import { modelListSchema, modelSchema } from '../schemas/models.ts';

const getModels = createRoute({
  method: 'get',
  path: '/api/models',
  summary: 'The models that the engines need, and which of them are here',
  responses: { 200: json(modelListSchema, 'Models'), ...problems(429) },
});

const postDownload = createRoute({
  method: 'post',
  path: '/api/models/{id}/download',
  summary: 'Download a model, for holders of the admin key',
  description:
    'Answers at once; the download goes on by itself, from where an earlier one broke off. Its progress is told by ' +
    '`GET /api/models` and, as messages of type `model`, by the WebSocket. Those who ask for the same model share one download.',
  security: [{ bearer: [] }],
  request: { params: z.object({ id: z.string() }) },
  responses: {
    200: json(modelSchema, 'It is here already'),
    202: json(modelSchema, 'It is coming'),
    ...problems(401, 403, 404, 429),
  },
});

export function modelRoutes(app: App, { config, downloads }: Services): void {
  app.openapi(getModels, async (c) => {
    const models = await downloads.list();
    return c.json({ models: models.map((status) => viewModel(status, c.var.language)) }, 200);
  });

  app.openapi(postDownload, async (c) => {
    requireAdmin(c, config);
    const { id } = c.req.valid('param');
    const before = await downloads.status(id);
    if (before.state === 'embedded' || before.state === 'installed')
      return c.json(viewModel(before, c.var.language), 200);
    downloads
      .download(id)
      .catch((error: unknown) => c.var.log.error({ err: error, model: id }, 'model download failed'));
    return c.json(viewModel(await downloads.status(id), c.var.language), 202);
  });
}
