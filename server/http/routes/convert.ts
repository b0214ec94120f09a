import { createRoute, z } from '@hono/zod-openapi';
import type { CheckedConvertRequest } from '../../jobs/job-service.ts';
import type { App, AppContext, Services } from '../context.ts';
import { binaryField, json, problems } from '../openapi.ts';
import { jobPriority } from '../priority.ts';
import { parseJsonBody, parseRequest } from '../problem.ts';
import { requireQueueRoom } from '../queue-room.ts';
import { convertOptionsSchema, convertRequestSchema, jobCreatedSchema } from '../schemas.ts';
import { receiveUploads } from './uploads.ts';

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
    const isForm = c.req.header('Content-Type')?.toLowerCase().startsWith('multipart/form-data');
    const request = isForm ? await requestOfForm(c, services) : await parseJsonBody(c, convertRequestSchema);
    const priority = jobPriority(c);
    const { id, status, cached } = await services.jobs.submit(workspaceId, request, c.var.language, priority);
    services.metrics.countResult(cached === true);
    return c.json({ id, status, cached }, 202, { Location: `/api/jobs/${id}` });
  });
}

/** A form's files become uploads; its text fields are the same as the fields of the JSON body. */
async function requestOfForm(c: AppContext, services: Services): Promise<CheckedConvertRequest> {
  const { fields, files } = await receiveUploads(c, services, { source: 1, reference: 1 });
  try {
    const ids = Object.fromEntries(Object.entries(files).map(([field, [upload]]) => [field, upload?.id]));
    return parseRequest(convertRequestSchema, { ...withNumbers(fields), ...ids });
  } catch (error) {
    const workspaceId = await c.var.visitor.workspace();
    await Promise.all(
      Object.values(files)
        .flat()
        .map((upload) => services.uploads.remove(workspaceId, upload.id)),
    );
    throw error;
  }
}

/** A form knows only text: what reads as a number becomes one. */
function withNumbers(fields: Readonly<Record<string, string>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, text]) => [
      name,
      text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text,
    ]),
  );
}
