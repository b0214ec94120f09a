import { createRoute, z } from '@hono/zod-openapi';
import type { CheckedConvertRequest } from '../../jobs/job-service.ts';
import { checkWebhookUrl } from '../../webhooks/address.ts';
import type { App, AppContext, Services } from '../context.ts';
import { idempotencyKeyOf } from '../middleware/idempotency.ts';
import { binaryField, json, problems } from '../openapi.ts';
import { jobPriority } from '../priority.ts';
import { parseJsonBody, parseRequest } from '../problem.ts';
import { requireQueueRoom } from '../queue-room.ts';
import { submissionFields } from '../schemas/submission.ts';
import { convertOptionsSchema, convertRequestSchema, jobCreatedSchema } from '../schemas.ts';
import { isForm, receiveUploadForm } from '../upload-form.ts';

const postConvert = createRoute({
  method: 'post',
  path: '/api/convert',
  summary: 'Convert a recording: by the ids of what was uploaded before, or with the files themselves',
  request: {
    body: {
      required: true,
      content: {
        'application/json': { schema: convertRequestSchema },
        'multipart/form-data': {
          schema: convertOptionsSchema.extend({
            source: binaryField,
            reference: binaryField.optional(),
            voice: z.string().optional(),
            ...submissionFields,
          }),
        },
      },
    },
  },
  responses: {
    202: json(jobCreatedSchema, 'In line, or done at once'),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 507),
  },
});

export function convertRoutes(app: App, services: Services): void {
  // Described, but not validated by the framework: that would read the whole form into memory first.
  app.openAPIRegistry.registerPath(postConvert);
  app.post(postConvert.path, async (c) => {
    const workspaceId = await c.var.visitor.workspace();
    await requireQueueRoom(c, services.jobQuota, workspaceId);
    const request = isForm(c) ? await requestOfForm(c, services) : await parseJsonBody(c, convertRequestSchema);
    const priority = jobPriority(c, request.priority);
    checkWebhookUrl(request.webhook, services.config);
    const { id, status, cached } = await services.jobs.submit(
      workspaceId,
      { ...request, priority },
      c.var.language,
      idempotencyKeyOf(c),
    );
    services.metrics.countResult(cached === true);
    return c.json({ id, status, cached }, 202, { Location: `/api/jobs/${id}` });
  });
}

/** A form's text fields are the same as the fields of the JSON body. */
function requestOfForm(c: AppContext, services: Services): Promise<CheckedConvertRequest> {
  return receiveUploadForm(c, services, { source: 1, reference: 1 }, ({ fields, ids }) => {
    const files = Object.fromEntries(Object.entries(ids).map(([field, [id]]) => [field, id]));
    return parseRequest(convertRequestSchema, { ...fields, ...files });
  });
}
