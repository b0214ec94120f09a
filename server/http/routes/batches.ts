import { createRoute, z } from '@hono/zod-openapi';
import { zipOf } from '../../batches/archive.ts';
import type { CheckedBatchRequest } from '../../batches/batch-service.ts';
import { checkWebhookUrl } from '../../webhooks/address.ts';
import { type App, type AppContext, ownWorkspace, type Services } from '../context.ts';
import { idempotencyKeyOf } from '../middleware/idempotency.ts';
import { binaryField, json, problems } from '../openapi.ts';
import { jobPriority } from '../priority.ts';
import { parseJsonBody, parseRequest } from '../problem.ts';
import { requireQueueRoom } from '../queue-room.ts';
import {
  batchCreatedSchema,
  batchFormSchema,
  batchListSchema,
  batchRequestSchema,
  batchSchema,
} from '../schemas/batches.ts';
import { contentDisposition } from '../send-file.ts';
import { isForm, receiveUploadForm } from '../upload-form.ts';

/** A request body has an end; more sources than this are uploaded one by one and named by their ids. */
const mostFormSources = 20;

const byId = { params: z.object({ id: z.string() }) };

const postBatch = createRoute({
  method: 'post',
  path: '/api/batches',
  summary: 'Convert many recordings to one voice: by the ids of what was uploaded before, or with the files themselves',
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: batchRequestSchema },
        'multipart/form-data': {
          schema: batchFormSchema.extend({
            sources: z.array(binaryField).min(1).max(mostFormSources),
            reference: binaryField.optional(),
          }),
        },
      },
    },
  },
  responses: {
    202: json(batchCreatedSchema, 'In line'),
    ...problems(400, 403, 404, 413, 415, 422, 429, 507),
  },
});

const getBatches = createRoute({
  method: 'get',
  path: '/api/batches',
  summary: "The session's batches, newest first, without their jobs",
  responses: { 200: json(batchListSchema, 'Batches'), ...problems(429) },
});

const getBatch = createRoute({
  method: 'get',
  path: '/api/batches/{id}',
  summary: 'How far a batch is, and each of its jobs',
  request: byId,
  responses: { 200: json(batchSchema, 'The batch'), ...problems(404, 429) },
});

const deleteBatch = createRoute({
  method: 'delete',
  path: '/api/batches/{id}',
  summary: 'Stop what is unfinished of a batch',
  request: byId,
  responses: { 200: json(batchSchema, 'The batch as it is now'), ...problems(403, 404, 429) },
});

const getResult = createRoute({
  method: 'get',
  path: '/api/batches/{id}/result',
  summary: 'A ZIP of what is done at this moment; failures.json within says what is not, and why',
  request: byId,
  responses: {
    200: { description: 'The archive', content: { 'application/zip': { schema: binaryField } } },
    ...problems(404, 409, 429),
  },
});

export function batchRoutes(app: App, services: Services): void {
  const { batches, config, metrics, jobQuota } = services;

  // Described, but not validated by the framework: that would read the whole form into memory first.
  app.openAPIRegistry.registerPath(postBatch);
  app.post(postBatch.path, async (c) => {
    const request = isForm(c) ? await requestOfForm(c, services) : await parseJsonBody(c, batchRequestSchema);
    const priority = jobPriority(c, request.priority);
    checkWebhookUrl(request.webhook, config);
    const workspaceId = await c.var.visitor.workspace();
    await requireQueueRoom(c, jobQuota, workspaceId, request.sources.length);
    const key = idempotencyKeyOf(c);
    const batch = await batches.submit(workspaceId, { ...request, priority }, c.var.language, key);
    for (const { cached } of batch.jobs) metrics.countResult(cached === true);
    const jobs = batch.jobs.map(({ id, status, cached }) => ({ id, status, cached }));
    return c.json({ id: batch.id, status: batch.status, jobs }, 202, { Location: `/api/batches/${batch.id}` });
  });

  app.openapi(getBatches, async (c) => {
    const workspaceId = await c.var.visitor.find();
    return c.json({ batches: workspaceId ? await batches.list(workspaceId) : [] }, 200);
  });

  app.openapi(getBatch, async (c) => {
    return c.json(await batches.get(await ownWorkspace(c), c.req.valid('param').id, c.var.language), 200);
  });

  app.openapi(deleteBatch, async (c) => {
    return c.json(await batches.cancel(await ownWorkspace(c), c.req.valid('param').id, c.var.language), 200);
  });

  app.openAPIRegistry.registerPath(getResult);
  app.get('/api/batches/:id/result', async (c) => {
    const { name, files } = await batches.files(await ownWorkspace(c), c.req.param('id'), c.var.language);
    return c.body(zipOf(files), 200, {
      'Content-Type': 'application/zip',
      'Content-Disposition': contentDisposition(name),
    });
  });
}

/** A form's text fields are the same as the fields of the JSON body. */
function requestOfForm(c: AppContext, services: Services): Promise<CheckedBatchRequest> {
  const fileFields = { sources: mostFormSources, reference: 1 };
  return receiveUploadForm(c, services, fileFields, ({ fields, ids: { sources, reference } }) =>
    parseRequest(batchRequestSchema, {
      ...fields,
      ...(sources && { sources }),
      ...(reference && { reference: reference[0] }),
    }),
  );
}
