import { createRoute, z } from '@hono/zod-openapi';
import { InputError } from '#core/errors.ts';
import type { ReceivedUpload } from '../../uploads.ts';
import { type App, type AppContext, ownWorkspace, type Services } from '../context.ts';
import { idempotencyKeyOf } from '../middleware/idempotency.ts';
import type { FormRules, ReceivedForm } from '../multipart.ts';
import { audioFile, binaryField, json, problems } from '../openapi.ts';
import { receiveFiles } from '../receive-files.ts';
import { uploadListSchema, uploadSchema } from '../schemas.ts';
import { sendFile } from '../send-file.ts';

const postUpload = createRoute({
  method: 'post',
  path: '/api/uploads',
  summary: 'Send a recording: WAV, MP3, FLAC, M4A/AAC, OGG, Opus or WebM, told by its content',
  request: {
    body: {
      required: true,
      content: { 'multipart/form-data': { schema: z.object({ file: binaryField }) } },
    },
  },
  responses: { 201: json(uploadSchema, 'Stored and checked'), ...problems(400, 403, 413, 415, 422, 429, 507) },
});

const getUploads = createRoute({
  method: 'get',
  path: '/api/uploads',
  summary: "The session's recordings, newest first",
  responses: { 200: json(uploadListSchema, 'Recordings'), ...problems(429) },
});

const deleteUpload = createRoute({
  method: 'delete',
  path: '/api/uploads/{id}',
  summary: 'Delete a recording for good; not while a conversion that has not ended needs it',
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: 'It is gone' }, ...problems(403, 404, 409, 429, 503) },
});

const getUploadAudio = createRoute({
  method: 'get',
  path: '/api/uploads/{id}/audio',
  summary: 'The recording as it was sent',
  request: { params: z.object({ id: z.string() }) },
  responses: { ...audioFile, ...problems(404, 429) },
});

export function uploadRoutes(app: App, services: Services): void {
  // Described, but not validated by the framework: that would read the whole form into memory first.
  app.openAPIRegistry.registerPath(postUpload);
  app.post(postUpload.path, async (c) => {
    const { fields, files } = await receiveUploads(c, services, { file: 1 });
    const received = files.file?.[0];
    if (!received || Object.keys(fields).length > 0) {
      if (received) await services.uploads.discard(await c.var.visitor.workspace(), received);
      throw new InputError('request-invalid');
    }
    return c.json(received.upload, 201);
  });

  app.openapi(getUploads, async (c) => {
    const workspaceId = await c.var.visitor.find();
    return c.json({ uploads: workspaceId ? await services.uploads.list(workspaceId) : [] }, 200);
  });

  app.openapi(deleteUpload, async (c) => {
    await services.storage.removeUpload(await ownWorkspace(c), c.req.valid('param').id);
    return c.body(null, 204);
  });

  app.openAPIRegistry.registerPath(getUploadAudio);
  app.get('/api/uploads/:id/audio', async (c) => {
    const id = c.req.param('id');
    const { file, name } = await services.uploads.open(await ownWorkspace(c), id);
    return sendFile(c, {
      body: file,
      // Whatever it is, a browser shall not take it for a page.
      type: 'application/octet-stream',
      etag: `"${id}"`,
      cacheControl: 'private, max-age=86400',
      downloadName: name,
    });
  });
}

/**
 * Takes in a form whose files become uploads of the visitor's workspace: all of them, or none. With an `Idempotency-Key` each file
 * is the same upload when the request comes again, even when the server was killed before it could answer.
 */
export async function receiveUploads(
  c: AppContext,
  { uploads, config }: Services,
  fileFields: FormRules<ReceivedUpload>['fileFields'],
): Promise<ReceivedForm<ReceivedUpload>> {
  const workspaceId = await c.var.visitor.workspace();
  const { path } = c.req;
  let count = 0;
  return receiveFiles(
    c,
    {
      fileFields,
      maxFileBytes: config.maxUploadBytes,
      storeFile: (content, name) =>
        uploads.receiveOnce(workspaceId, content, name, idempotencyKeyOf(c), { path, file: count++ }),
    },
    (received) => uploads.discard(workspaceId, received),
  );
}
