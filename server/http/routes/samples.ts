import { createRoute, z } from '@hono/zod-openapi';
import { sampleAudioUrl } from '../../samples.ts';
import type { App, Services } from '../context.ts';
import { audioFile, json, problems } from '../openapi.ts';
import { sampleListSchema } from '../schemas.ts';
import { sendFile } from '../send-file.ts';

const getSamples = createRoute({
  method: 'get',
  path: '/api/samples',
  summary: 'Recordings to try a conversion with',
  responses: { 200: json(sampleListSchema, 'Sample recordings') },
});

const getSampleAudio = createRoute({
  method: 'get',
  path: '/api/samples/{id}/audio',
  summary: 'The sound of a sample recording or sample voice',
  request: { params: z.object({ id: z.string() }) },
  responses: { ...audioFile, ...problems(404) },
});

export function sampleRoutes(app: App, { samples }: Services): void {
  app.openapi(getSamples, (c) => {
    const recordings = samples.list('recording').map(({ id, name, language }) => {
      return { id, name: name[c.var.language], language, url: sampleAudioUrl(id) };
    });
    return c.json({ samples: recordings }, 200);
  });

  app.openAPIRegistry.registerPath(getSampleAudio);
  app.get('/api/samples/:id/audio', (c) => {
    const body = samples.open(c.req.param('id'));
    return sendFile(c, { body, type: body.type, etag: `W/"${body.size}"`, cacheControl: 'public, max-age=3600' });
  });
}
