import { createRoute, z } from '@hono/zod-openapi';
import { InputError } from '#core/errors.ts';
import type { StoredProfile, StoredReference } from '../../voices/voice-service.ts';
import { viewSampleVoice, viewVoice } from '../../voices/voice-view.ts';
import type { Voice } from '../api-types.ts';
import { type App, type AppContext, ownWorkspace, type Services } from '../context.ts';
import { idempotencyKeyOf } from '../middleware/idempotency.ts';
import { binaryField, json, problems } from '../openapi.ts';
import { parseJsonBody, parseRequest } from '../problem.ts';
import { receiveFiles } from '../receive-files.ts';
import { voiceChangeSchema, voiceListSchema, voiceNameSchema, voiceSchema } from '../schemas.ts';
import { sendFile } from '../send-file.ts';

const mostReferences = 10;
/** A profile of one engine takes about a megabyte. */
const maxProfileBytes = 16 * 2 ** 20;

const byId = { params: z.object({ id: z.string() }) };
const voiceFormFields = { name: voiceNameSchema, consent: z.enum(['true', 'false']).default('false') };
/** As the text that it is in a form. */
const thresholdField = z
  .string()
  .regex(/^\d*\.?\d+$/)
  .transform(Number)
  .pipe(z.number().min(0).max(1))
  .optional();
const consentField = z.literal(true).meta({ description: 'That the owner of the voice agrees; kept with the time' });

/** One engine, or several separated by commas. */
const enginesField = z
  .string()
  .min(1)
  .transform((engines) => [...new Set(engines.split(','))])
  .optional();

const createForm = z.object({
  references: z.array(binaryField).min(1).max(mostReferences).meta({ description: 'Recordings of one person' }),
  name: voiceNameSchema,
  consent: consentField,
  engine: z
    .string()
    .optional()
    .meta({ description: 'The engine that will use the voice, or several, separated by commas; `mini` when left out' }),
  similarityThreshold: z.number().min(0).max(1).optional().meta({
    description:
      'How similar each recording must be to the others (cosine of speaker embeddings), else `references-differ`: 0.5 lets through recordings of one person, two people are seldom above 0.6. Left out: not looked at',
  }),
});

/** The second and third path are what older clients know. */
const createPaths = ['/api/voices', '/api/clone', '/api/extract-speaker'] as const;

const postVoice = (path: (typeof createPaths)[number]) =>
  createRoute({
    method: 'post',
    path,
    summary: 'Save a voice, made of recordings, which are not kept',
    request: { body: { required: true, content: { 'multipart/form-data': { schema: createForm } } } },
    responses: { 201: json(voiceSchema, 'The voice'), ...problems(400, 403, 413, 415, 422, 429, 503, 507) },
  });

const importVoice = createRoute({
  method: 'post',
  path: '/api/voices/import',
  summary: 'Save a voice that was exported, here or elsewhere',
  request: {
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: z.object({
            file: binaryField,
            name: voiceNameSchema.optional(),
            consent: consentField,
            listed: z.boolean().default(true).meta({
              description: 'False: for conversions alone. It is in no list, and is deleted like an upload',
            }),
          }),
        },
      },
    },
  },
  responses: { 201: json(voiceSchema, 'The voice'), ...problems(400, 403, 413, 422, 429, 507) },
});

const getVoices = createRoute({
  method: 'get',
  path: '/api/voices',
  summary: "Voices to take on: the samples, then the session's own, newest first",
  responses: { 200: json(voiceListSchema, 'Voices'), ...problems(429) },
});

const getVoice = createRoute({
  method: 'get',
  path: '/api/voices/{id}',
  summary: 'A voice',
  request: byId,
  responses: { 200: json(voiceSchema, 'The voice'), ...problems(404, 429) },
});

const patchVoice = createRoute({
  method: 'patch',
  path: '/api/voices/{id}',
  summary: 'Give a voice another name',
  request: { ...byId, body: { required: true, content: { 'application/json': { schema: voiceChangeSchema } } } },
  responses: { 200: json(voiceSchema, 'The voice as it is now'), ...problems(400, 403, 404, 429) },
});

const deleteVoice = createRoute({
  method: 'delete',
  path: '/api/voices/{id}',
  summary: 'Delete a voice for good',
  request: byId,
  responses: { 204: { description: 'It is gone' }, ...problems(403, 404, 429) },
});

const exportVoice = createRoute({
  method: 'get',
  path: '/api/voices/{id}/export',
  summary: 'The voice as a file, to be imported here or elsewhere',
  request: byId,
  responses: {
    200: { description: 'The file', content: { 'application/octet-stream': { schema: binaryField } } },
    ...problems(404, 429),
  },
});

export function voiceRoutes(app: App, services: Services): void {
  const { voices, samples } = services;

  // Forms are described, but not validated by the framework: that would read them whole into memory first.
  for (const path of createPaths) {
    app.openAPIRegistry.registerPath(postVoice(path));
    app.post(path, async (c) => answerCreated(c, await createVoice(c, services)));
  }
  app.openAPIRegistry.registerPath(importVoice);
  app.post(importVoice.path, async (c) => answerCreated(c, await importProfile(c, services)));

  app.openapi(getVoices, async (c) => {
    const workspaceId = await c.var.visitor.find();
    const own = workspaceId === undefined ? [] : await voices.list(workspaceId);
    const { language } = c.var;
    const all = [
      ...samples.list('voice').map((sample) => viewSampleVoice(sample, language)),
      ...own.map((row) => viewVoice(row, language)),
    ];
    return c.json({ voices: all }, 200);
  });

  app.openapi(getVoice, async (c) => {
    const { id } = c.req.valid('param');
    const sample = samples.find(id);
    if (sample?.kind === 'voice') return c.json(viewSampleVoice(sample, c.var.language), 200);
    return c.json(viewVoice(await voices.get(await ownWorkspace(c), id), c.var.language), 200);
  });

  app.openAPIRegistry.registerPath(patchVoice);
  app.patch('/api/voices/:id', async (c) => {
    const { name } = await parseJsonBody(c, voiceChangeSchema);
    const id = changeable(c.req.param('id'), services);
    return c.json(viewVoice(await voices.rename(await ownWorkspace(c), id, name), c.var.language), 200);
  });

  app.openapi(deleteVoice, async (c) => {
    await voices.remove(await ownWorkspace(c), changeable(c.req.valid('param').id, services));
    return c.body(null, 204);
  });

  app.openAPIRegistry.registerPath(exportVoice);
  app.get('/api/voices/:id/export', async (c) => {
    const { file, row } = await voices.open(await ownWorkspace(c), c.req.param('id'));
    return sendFile(c, {
      body: file,
      type: 'application/octet-stream',
      etag: `"${row.sha256}"`,
      cacheControl: 'private, no-cache',
      downloadName: `${row.name}.giong-voice`,
    });
  });
}

function answerCreated(c: AppContext, voice: Voice): Response {
  return c.json(voice, 201, { Location: `/api/voices/${voice.id}` });
}

async function createVoice(c: AppContext, { voices, config }: Services): Promise<Voice> {
  const workspaceId = await c.var.visitor.workspace();
  const { fields, files } = await receiveFiles<StoredReference>(
    c,
    {
      fileFields: { references: mostReferences },
      maxFileBytes: config.maxUploadBytes,
      storeFile: (content) => voices.receiveReference(workspaceId, content),
    },
    (reference) => voices.discardReference(reference),
  );
  const received = files.references ?? [];
  try {
    const schema = z.strictObject({
      ...voiceFormFields,
      references: z.array(z.unknown()).min(1),
      similarityThreshold: thresholdField,
      engine: enginesField,
    });
    const form = parseRequest(schema, { ...fields, references: received });
    const { name, consent, engine: engines, similarityThreshold } = form;
    requireConsent(consent);
    const choices = { engines, similarityThreshold, idempotencyKey: idempotencyKeyOf(c) };
    const row = await voices.create(workspaceId, name, received, choices, c.req.raw.signal);
    return viewVoice(row, c.var.language);
  } finally {
    await Promise.all(received.map((reference) => voices.discardReference(reference)));
  }
}

async function importProfile(c: AppContext, { voices }: Services): Promise<Voice> {
  const workspaceId = await c.var.visitor.workspace();
  const { fields, files } = await receiveFiles<StoredProfile>(
    c,
    {
      fileFields: { file: 1 },
      maxFileBytes: maxProfileBytes,
      storeFile: (content, fileName) => voices.receiveProfile(workspaceId, content, fileName, idempotencyKeyOf(c)),
    },
    (profile) => voices.discardProfile(workspaceId, profile),
  );
  const profile = files.file?.[0];
  if (!profile) throw new InputError('request-invalid');
  try {
    const name = fields.name ?? profile.fileName.replace(/(?<=.)\.[^.]*$/, '');
    const listedField = z.stringbool({ truthy: ['true'], falsy: ['false'] }).default(true);
    const schema = z.strictObject({ ...voiceFormFields, listed: listedField });
    const form = parseRequest(schema, { ...fields, name });
    requireConsent(form.consent);
    const { listed } = form;
    return viewVoice(await voices.importProfile(workspaceId, form.name, profile, { listed }), c.var.language);
  } catch (error) {
    await voices.discardProfile(workspaceId, profile);
    throw error;
  }
}

function requireConsent(consent: 'true' | 'false'): void {
  if (consent !== 'true') throw new InputError('consent-missing');
}

/** The id, unless it is a sample's, which everybody uses as it is. */
function changeable(id: string, { samples }: Services): string {
  if (samples.find(id)) throw new InputError('forbidden');
  return id;
}
