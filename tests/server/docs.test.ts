import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_WORKERS: '0' });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Record<string, unknown>[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly parameters?: readonly { readonly name: string }[];
}

interface Document {
  readonly openapi: string;
  readonly servers: readonly unknown[];
  readonly tags: readonly { name: string; description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: Record<string, unknown>; readonly schemas: Record<string, unknown> };
}

const load = async (): Promise<Document> => (await fetch(`${server.url}/api/openapi.json`)).json();
const operationsOf = ({ paths }: Document) => Object.values(paths).flatMap((item) => Object.values(item));

describe('/api/openapi.json', () => {
  test('is valid OpenAPI 3.1', async () => {
    const document = await load();
    expect(document.openapi).toBe('3.1.0');
    const validator = new Validator();
    expect(await validator.validate({ ...document })).toMatchObject({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  test('says of every route what it is, where it belongs and who may use it', async () => {
    const document = await load();
    const operations = operationsOf(document);
    expect(operations.length).toBeGreaterThan(25);
    const known = document.tags.map(({ name }) => name);
    for (const { summary, tags, security, operationId } of operations) {
      expect(summary).toMatch(/./);
      expect(operationId).toMatch(/^[a-z][A-Za-z0-9]+$/);
      expect(tags.length).toBe(1);
      expect(known).toContain(tags[0] ?? '');
      for (const name of security.flatMap((each) => Object.keys(each))) {
        expect(Object.keys(document.components.securitySchemes)).toContain(name);
      }
    }
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    expect(document.servers.length).toBe(1);
    expect(document.components.schemas).toHaveProperty('LiveMessage');
  });

  test('tells what needs a cookie or key, what the admin key, and what nothing', async () => {
    const { paths } = await load();
    const securityOf = (path: string, method: string) => paths[path]?.[method]?.security;
    for (const path of ['/api/jobs', '/api/keys', '/ws']) {
      expect(securityOf(path, 'get')).toEqual([{ session: [] }, { bearer: [] }]);
    }
    expect(securityOf('/api/admin/keys', 'get')).toEqual([{ bearer: [] }]);
    expect(securityOf('/api/session', 'get')).toEqual([]);
    expect(securityOf('/api/models/{id}/download', 'post')).toEqual([{ bearer: [] }]);
    expect(securityOf('/metrics', 'get')).toEqual([{}, { bearer: [] }]);
    expect(securityOf('/api/models', 'get')).toEqual([]);
    expect(securityOf('/health', 'get')).toEqual([]);
  });

  test('tells that a wrong key is refused everywhere, and that each POST may be repeated', async () => {
    const { paths } = await load();
    for (const [path, item] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const statuses = Object.keys(operation.responses);
        const wanted = method === 'post' ? ['401', '409', '422'] : ['401'];
        expect({ path, method, statuses }).toMatchObject({ statuses: expect.arrayContaining(wanted) });
        const repeats = operation.parameters?.some(({ name }) => name === 'Idempotency-Key') ?? false;
        expect({ path, method, repeats }).toEqual({ path, method, repeats: method === 'post' });
      }
    }
  });
});

describe('/api/docs', () => {
  test('is a page without scripts or styles of its own inside, as the policy of the server wants', async () => {
    const page = await fetch(`${server.url}/api/docs`);
    expect(page.headers.get('Content-Type')).toStartWith('text/html');
    const html = await page.text();
    expect(html).not.toMatch(/<script>|<style|https?:/);
    for (const [, path] of html.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)) {
      const file = await fetch(`${server.url}/api/${path}`);
      expect(file.status).toBe(200);
      const tag = file.headers.get('ETag') ?? '';
      expect((await fetch(file.url, { headers: { 'If-None-Match': tag } })).status).toBe(304);
    }
  });

  test('comes compressed to those who accept it', async () => {
    const url = `${server.url}/api/docs/swagger-ui-bundle.js`;
    const plain = await fetch(url, { headers: { 'Accept-Encoding': 'identity' } });
    const packed = await fetch(url, { headers: { 'Accept-Encoding': 'gzip' }, decompress: false });
    expect(packed.headers.get('Content-Encoding')).toBe('gzip');
    const [whole, small] = [await plain.bytes(), await packed.bytes()];
    expect(small.length).toBeLessThan(whole.length / 2);
    expect(Bun.gunzipSync(small)).toEqual(whole);
  });

  test.each(['package.json', '..%2fopenapi-document.ts', 'constructor', 'swagger-ui.js'])(
    'has no file %s',
    async (name) => {
      expect((await fetch(`${server.url}/api/docs/${name}`)).status).toBe(404);
    },
  );
});
