import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Voice } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from '../server/server-process.ts';
import { sampleFile } from '../server/sounds.ts';
import { Visitor } from '../server/visitor.ts';
import { findSchemathesis, needsSchemathesis } from './environment.ts';

/** What no answer may break, whatever was asked. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
];
/** For each operation and way of making requests: those of the document's bounds, random ones, and chains of them. */
const mostExamples = 20;
const mostMilliseconds = 300_000;
const adminKey = 'only-for-this-test';

const schemathesis = findSchemathesis();
const fuzz = test.skipIf(!schemathesis);

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path, { GIONG_ADMIN_KEY: adminKey });
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

/** A voice and a finished conversion, so that requests reach what stands behind "not found". */
async function makeThings(visitor: Visitor): Promise<{ voice: string; job: string }> {
  const form = new FormData();
  form.append('references', new File([await sampleFile('voices/2033.flac').arrayBuffer()], 'an.flac'));
  form.append('name', 'An');
  form.append('consent', 'true');
  const voice = await visitor.json<Voice>('/api/voices', { method: 'POST', body: form });
  using news = await visitor.listen();
  const job = await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
  await news.ended(job.id);
  return { voice: voice.id, job: job.id };
}

/** Identifiers for the paths, besides made-up ones. */
function configuration({ voice, job }: { voice: string; job: string }): string {
  const ids = {
    '^/api/(jobs|convert)/': job,
    '^/api/voices/': voice,
    '^/api/samples/': 'sample-english',
  };
  const lines = Object.entries(ids).flatMap(([path, id]) => [
    '[[operations]]',
    `include-path-regex = "${path}"`,
    `parameters = { id = "${id}" }`,
  ]);
  return lines.join('\n');
}

/** Runs schemathesis with these arguments, and says all that it said when it found something. */
async function expectNothingFound(config: string, header: string, ...more: readonly string[]): Promise<void> {
  const child = Bun.spawn(
    [
      schemathesis ?? '',
      ...['--config-file', config, 'run', `${server.url}/api/openapi.json`],
      // Made-up keys and cookies would hide all routes behind "unauthorized".
      ...['--header', header, '--generation-with-security-parameters', 'false'],
      ...['--checks', checks.join(','), '--max-examples', String(mostExamples), '--generation-deterministic'],
      ...['--warnings', 'off', '--no-color', ...more],
    ],
    {
      cwd: folder.path,
      env: { ...process.env, PYTHONPATH: import.meta.dir, SCHEMATHESIS_HOOKS: 'serializers' },
      stdout: 'pipe',
      stderr: 'pipe',
    },
  );
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  if ((await child.exited) !== 0) throw new Error(output + errors);
  expect(output).toMatch(/Test cases:\s+\d+ generated, \d+ passed/);
}

fuzz(
  `nothing that a visitor may ask makes an answer that the document does not tell of${needsSchemathesis()}`,
  async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    const config = join(folder.path, 'visitor.toml');
    await Bun.write(config, configuration(await makeThings(visitor)));
    await expectNothingFound(config, `Cookie: ${visitor.cookie}`);
    expect(await visitor.json('/health')).toEqual({ status: 'ok' });
  },
  mostMilliseconds,
);

fuzz(
  `nor does what the admin may${needsSchemathesis()}`,
  async () => {
    const config = join(folder.path, 'admin.toml');
    await Bun.write(config, '');
    // Neither downloads of models, which would leave this machine, nor 64 workers at once.
    const paths = '^(/api/(admin|queue|system/stats)|/api/models$|/metrics)';
    await expectNothingFound(config, `Authorization: Bearer ${adminKey}`, '--include-path-regex', paths);
  },
  mostMilliseconds,
);
