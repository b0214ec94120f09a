import { createRoute, z } from '@hono/zod-openapi';
import { InputError } from '#core/errors.ts';
import type { ResumableUpload } from '../api-types.ts';
import { type App, type AppContext, ownWorkspace, type Services } from '../context.ts';
import { idempotencyKeyOf } from '../middleware/idempotency.ts';
import { cleanFileName } from '../multipart.ts';
import { binaryField, json, problems } from '../openapi.ts';
import { problemResponse } from '../problem.ts';
import { longestSilenceSeconds } from '../receive-files.ts';
import { resumableUploadSchema } from '../schemas.ts';

/**
 * tus 1.0.0 (https://tus.io/protocols/resumable-upload) with its extensions creation, termination and expiration. What the protocol
 * leaves open: the upload's id is the last part of its address from the beginning, and the last PATCH is answered when
 * the recording is checked, with a problem when it is refused.
 */
const version = '1.0.0';
const extensions = 'creation,termination,expiration';
const partType = 'application/offset+octet-stream';

const collectionPath = '/api/uploads/resumable';
const byId = { params: z.object({ id: z.string() }) };
const wholeNumber = z.string().regex(/^(0|[1-9]\d{0,15})$/);

const postResumable = createRoute({
  method: 'post',
  path: collectionPath,
  summary: 'Begin an upload in parts (tus 1.0.0)',
  request: {
    headers: z.object({
      'upload-length': wholeNumber.meta({ description: 'Bytes of the whole file' }),
      'upload-metadata': z.string().optional().meta({ description: "`filename` and the file's name in base64" }),
    }),
  },
  responses: {
    201: json(resumableUploadSchema, 'Location says where the parts go'),
    ...problems(400, 403, 412, 413, 422, 429, 507),
  },
});

const getResumable = createRoute({
  method: 'get',
  path: `${collectionPath}/{id}`,
  summary: 'How much of an upload in parts is here; HEAD answers with the headers alone',
  request: byId,
  responses: {
    200: json(resumableUploadSchema, 'Upload-Offset says the same'),
    ...problems(403, 404, 412, 415, 422, 429),
  },
});

const patchResumable = createRoute({
  method: 'patch',
  path: `${collectionPath}/{id}`,
  summary: 'Send a part, of any length; after the last one the recording is checked and kept',
  request: {
    ...byId,
    headers: z.object({ 'upload-offset': wholeNumber.meta({ description: 'Where the part belongs' }) }),
    body: { required: true, content: { [partType]: { schema: binaryField } } },
  },
  responses: {
    204: { description: 'Upload-Offset says where to go on' },
    ...problems(400, 403, 404, 409, 412, 413, 415, 422, 423, 429, 507),
  },
});

const deleteResumable = createRoute({
  method: 'delete',
  path: `${collectionPath}/{id}`,
  summary: 'Give an upload in parts up',
  request: byId,
  responses: { 204: { description: 'It is gone' }, ...problems(403, 404, 412, 423, 429) },
});

export function resumableUploadRoutes(app: App, { resumable, config }: Services): void {
  app.use(`${collectionPath}/*`, async (c, next) => {
    await (isOtherVersion(c) ? refuseVersion(c) : next());
    c.header('Tus-Resumable', version);
  });
  const tell = (c: AppContext) =>
    c.body(null, 204, {
      'Tus-Version': version,
      'Tus-Extension': extensions,
      'Tus-Max-Size': String(config.maxUploadBytes),
    });
  app.options(collectionPath, tell);
  app.options(`${collectionPath}/:id`, tell);

  app.openAPIRegistry.registerPath(postResumable);
  app.post(collectionPath, async (c) => {
    const length = numberOf(c, 'Upload-Length');
    const name = fileNameOf(c.req.header('Upload-Metadata'));
    const upload = await resumable.create(await c.var.visitor.workspace(), length, name, idempotencyKeyOf(c));
    return c.json(upload, 201, { ...headersOf(upload), Location: `${collectionPath}/${upload.id}` });
  });

  app.openAPIRegistry.registerPath(getResumable);
  app.get(`${collectionPath}/:id`, async (c) => {
    const upload = await resumable.get(await ownWorkspace(c), c.req.param('id'));
    return c.json(upload, 200, headersOf(upload));
  });

  app.openAPIRegistry.registerPath(patchResumable);
  app.patch(`${collectionPath}/:id`, async (c) => {
    const type = c.req.header('Content-Type')?.toLowerCase();
    if (type !== partType) return problemResponse(c, new InputError('request-invalid'), 415);
    const offset = numberOf(c, 'Upload-Offset');
    c.env.server.timeout(c.req.raw, longestSilenceSeconds);
    const content = c.req.raw.body ?? new Blob([]).stream();
    const upload = await resumable.append(await ownWorkspace(c), c.req.param('id'), offset, content);
    return c.body(null, 204, headersOf(upload));
  });

  app.openAPIRegistry.registerPath(deleteResumable);
  app.delete(`${collectionPath}/:id`, async (c) => {
    await resumable.remove(await ownWorkspace(c), c.req.param('id'));
    return c.body(null, 204);
  });
}

/** The protocol wants its version named; a plain HTTP client that does not is served too. */
function isOtherVersion(c: AppContext): boolean {
  const asked = c.req.header('Tus-Resumable');
  return c.req.method !== 'OPTIONS' && asked !== undefined && asked !== version;
}

function refuseVersion(c: AppContext): void {
  c.res = problemResponse(c, new InputError('request-invalid'), 412);
  c.header('Tus-Version', version);
}

function headersOf({ bytes, receivedBytes, expiresAt }: ResumableUpload): Record<string, string> {
  return {
    'Upload-Length': String(bytes),
    'Upload-Offset': String(receivedBytes),
    ...(expiresAt !== null && { 'Upload-Expires': new Date(expiresAt).toUTCString() }),
  };
}

/** Throws `InputError('request-invalid')`. */
function numberOf(c: AppContext, header: string): number {
  const { success, data } = wholeNumber.safeParse(c.req.header(header));
  if (!success) throw new InputError('request-invalid');
  return Number(data);
}

/** Pairs of a key and a value in base64, divided by commas. */
function fileNameOf(metadata: string | undefined): string {
  const pairs = (metadata ?? '').split(',').map((pair) => pair.trim().split(' '));
  const encoded = pairs.find(([key]) => key === 'filename')?.[1];
  return cleanFileName(encoded && Buffer.from(encoded, 'base64').toString());
}
