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

const schemathesis = findSchemathesis();

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path);
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
    '^/api/(jobs|convert)/': [job],
    '^/api/voices/': [voice, 'sample-1688'],
    '^/api/samples/': ['sample-english'],
  };
  return Object.entries(ids)
    .map(
      ([path, id]) => `[[operations]]\ninclude-path-regex = "${path}"\nparameters = { id = ${JSON.stringify(id)} }\n`,
    )
    .join('\n');
}

test.skipIf(!schemathesis)(
  `nothing that the document allows or forbids makes an answer that it does not tell of${needsSchemathesis()}`,
  async () => {
    const visitor = new Visitor(server);
    await visitor.fetch('/api/session');
    const file = join(folder.path, 'schemathesis.toml');
    await Bun.write(file, configuration(await makeThings(visitor)));

    const child = Bun.spawn(
      [
        schemathesis ?? '',
        ...['--config-file', file, 'run', `${server.url}/api/openapi.json`],
        ...['--header', `Cookie: ${visitor.cookie}`],
        ...['--checks', checks.join(','), '--max-examples', String(mostExamples)],
        // Its body is of a type that schemathesis cannot make; tests/server/resumable-uploads.test.ts does.
        ...['--exclude-operation-id', 'patchUploadsResumableId'],
        ...['--generation-deterministic'],
        ...['--warnings', 'off', '--no-color'],
      ],
      { cwd: folder.path, stdout: 'pipe', stderr: 'pipe' },
    );
    const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
    if ((await child.exited) !== 0) throw new Error(output + errors);
    expect(output).toMatch(/Test cases:\s+\d+ generated, \d+ passed/);
    expect(await visitor.json('/health')).toEqual({ status: 'ok' });
  },
  mostMilliseconds,
);
