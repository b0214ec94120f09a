import { version } from '../paths.ts';
import type { App } from './context.ts';
import { liveMessageSchema } from './schemas.ts';
import { sessionCookieName } from './session-cookie.ts';

/** Groups of routes, in the order in which they are shown; a path belongs to the first that it fits. */
const groups = [
  {
    name: 'Session',
    description: 'A visitor begins here: the answer sets the cookie that stands for their workspace.',
    paths: /^\/(ws|api\/(session|keys))/,
  },
  {
    name: 'Recordings',
    description: 'What is converted, and what voices are made of: uploads of the workspace, and samples for everybody.',
    paths: /^\/api\/(uploads|samples)/,
  },
  {
    name: 'Conversions',
    description: 'A conversion is a job: put in line, followed, and its result fetched.',
    paths: /^\/api\/(convert|jobs|batches|webhooks)/,
  },
  {
    name: 'Voices',
    description: 'Stored descriptions of speakers, made of recordings with the consent of who is heard.',
    paths: /^\/api\/(voices|clone|extract-speaker)/,
  },
  {
    name: 'Models',
    description: 'The engines, and the weights that they need.',
    paths: /^\/api\/(engines|models)/,
  },
  { name: 'Service', description: 'How the server is, for those who run it.', paths: /^\// },
] as const;

const workspaceGroups: ReadonlySet<string> = new Set(['Session', 'Recordings', 'Conversions', 'Voices']);

const description = `
Converts recordings of one voice to another, keeping the words.

- **Who asks** is known by the session cookie that \`GET /api/session\` sets. A workspace sees nothing of another: what belongs to
  another does not exist (\`404\`).
- **Programs** bring an API key instead, made by \`POST /api/keys\`: \`Authorization: Bearer …\`.
- **\`Idempotency-Key\`** makes any POST safe to repeat: for a day it answers what it did the first time
  (\`Idempotency-Replayed: true\`) and creates nothing anew.
- **Failures** are \`application/problem+json\` (RFC 9457) with a stable \`code\`, and words in the language of \`Accept-Language\`:
  Vietnamese, or English for \`en\`.
- **Live news** come over the WebSocket \`/ws?language=vi|en\`, one \`LiveMessage\` each, beginning with \`hello\`.
- **Limits** are told by \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\`; beyond them the answer is \`429\` with
  \`Retry-After\`.
- Unknown fields are refused. Times are ISO 8601 in UTC; identifiers are opaque.
`.trim();

type Document = ReturnType<App['getOpenAPI31Document']>;
type Operation = NonNullable<NonNullable<Document['paths']>[string]['get']>;
const methods = ['get', 'put', 'post', 'patch', 'delete'] as const;

/** The OpenAPI 3.1 document of all routes that were registered with the app so far. */
export function describeApi(app: App): Document {
  const { openAPIRegistry } = app;
  openAPIRegistry.register('LiveMessage', liveMessageSchema);
  openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookieName,
    description:
      'Set by `GET /api/session`, and by any request that makes something; over TLS its name begins with `__Host-`',
  });
  openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description:
      "An API key, made by `POST /api/keys`, which opens its workspace; or the operator's admin key (`GIONG_ADMIN_KEY`)",
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Giọng',
      version,
      description,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: groups.map(({ name, description: about }) => ({ name, description: about })),
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method];
      if (operation) complete(operation, method, path);
    }
  }
  return document;
}

/** Any request may come with a key that opens nothing. */
const anyProblems = [401] as const;
/** Any POST may be a repeated one, or claim to be. */
const postProblems = [400, 401, 409, 422] as const;

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Chosen anew for each request, such as a UUID; sent again with the same request, it gives the first answer',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
} as const;

const problem = {
  description: 'What went wrong',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
} as const;

/** What follows from the path is said once, here; what a route says of itself stays. */
function complete(operation: Operation, method: (typeof methods)[number], path: string): void {
  const { name } = groups.find(({ paths }) => paths.test(path)) ?? groups[0];
  operation.tags ??= [name];
  operation.operationId ??= operationId(method, path);
  operation.security ??= securityOf(name, method, path);
  const statuses = method === 'post' ? postProblems : anyProblems;
  operation.responses = { ...Object.fromEntries(statuses.map((status) => [status, problem])), ...operation.responses };
  if (method === 'post') operation.parameters = [...(operation.parameters ?? []), idempotencyKey];
}

function securityOf(group: string, method: string, path: string): NonNullable<Operation['security']> {
  if (path.startsWith('/api/samples') || (method === 'get' && path === '/api/session')) return [];
  if (path.startsWith('/api/admin/')) return [{ bearer: [] }];
  if (workspaceGroups.has(group)) return [{ session: [] }, { bearer: [] }];
  return method === 'get' ? [] : [{ bearer: [] }];
}

/** Such as `getJobsIdResult` for `GET /api/jobs/{id}/result`. */
function operationId(method: string, path: string): string {
  const words = path.replace(/^\/api\//, '').match(/[A-Za-z0-9]+/g) ?? [];
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
