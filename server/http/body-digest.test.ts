import { expect, test } from 'bun:test';
import { Hono } from 'hono';
import { BodyDigest } from './body-digest.ts';

/** The digest of a request whose body comes in pieces of that many bytes. */
async function digestOf(request: Request, pieceBytes: number): Promise<string> {
  const app = new Hono().post('*', async (c) => {
    const digest = new BodyDigest(c);
    const body = await c.req.bytes();
    for (let at = 0; at < body.length; at += pieceBytes) digest.update(body.subarray(at, at + pieceBytes));
    return c.text(digest.finish());
  });
  return (await app.fetch(request)).text();
}

const form = (content: string, name = 'a.wav') => {
  const data = new FormData();
  data.append('file', new File([content], name));
  data.append('consent', 'true');
  return data;
};
const post = (body: BodyInit, path = '/api/uploads') => new Request(`http://host${path}`, { method: 'POST', body });

test('of the same form is the same, whatever its boundary and however it comes', async () => {
  const content = 'âm thanh '.repeat(100);
  const digests = new Set<string>();
  for (const pieceBytes of [1, 7, 64, 100_000]) digests.add(await digestOf(post(form(content)), pieceBytes));
  expect(digests.size).toBe(1);
});

test('tells other contents, names and paths apart', async () => {
  const requests = [
    post(form('one')),
    post(form('two')),
    post(form('one', 'b.wav')),
    post(form('one'), '/api/voices'),
    post(form('one'), '/api/uploads?x=1'),
    post('{"name":"a"}'),
    post('{"name":"b"}'),
  ];
  const digests = await Promise.all(requests.map((request) => digestOf(request, 64)));
  expect(new Set(digests).size).toBe(requests.length);
});
