import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { JobList } from '#server/http/api-types.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';
import { sampleFile } from './sounds.ts';
import { Visitor } from './visitor.ts';

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;

beforeAll(async () => {
  folder = await makeDataFolder();
  server = await startServerProcess(folder.path);
});
afterAll(async () => {
  await server?.stop();
  await folder?.[Symbol.asyncDispose]();
});

test('a long list of jobs comes in pages that show each job once, newest first', async () => {
  const visitor = new Visitor(server);
  const asked: string[] = [];
  for (const strength of [1, 0.9, 0.8, 0.7, 0.6]) {
    asked.unshift((await visitor.convert({ source: 'sample-vietnamese', voice: 'sample-1688', strength })).id);
  }
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let next: string | undefined = ''; next !== undefined; ) {
    const page: JobList = await visitor.json(`/api/jobs?limit=2${next && `&before=${next}`}`);
    seen.push(...page.jobs.map(({ id }) => id));
    sizes.push(page.jobs.length);
    next = page.next;
  }
  expect(seen).toEqual(asked);
  expect(sizes).toEqual([2, 2, 1]);

  const refused = async (query: string, by = visitor) => (await by.fetch(`/api/jobs?${query}`)).status;
  expect(await refused('limit=0')).toBe(400);
  expect(await refused('page=2')).toBe(400);
  expect(await refused(`before=${asked[0]}`, await strangerOf(server))).toBe(404);
});

test('a recording can be had back as it was sent, by its owner alone', async () => {
  const visitor = new Visitor(server);
  const sent = sampleFile('recordings/english.flac');
  const { id } = await visitor.upload(sent, 'câu nói.flac');
  const answer = await visitor.fetch(`/api/uploads/${id}/audio`);
  expect(await answer.bytes()).toEqual(new Uint8Array(await new Blob([sent]).arrayBuffer()));
  expect(answer.headers.get('Content-Disposition')).toContain(encodeURIComponent('câu nói.flac'));
  const stranger = await strangerOf(server);
  expect((await stranger.fetch(`/api/uploads/${id}/audio`)).status).toBe(404);
});

/** Somebody with a workspace of their own. */
async function strangerOf(there: ServerProcess): Promise<Visitor> {
  const stranger = new Visitor(there);
  await stranger.convert({ source: 'sample-vietnamese', voice: 'sample-1688' });
  return stranger;
}
