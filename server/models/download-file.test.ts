import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../tests/services/until.ts';
import { decentAnswer, noiseBytes, sha256Of, startModelHost } from '../../tests/support/model-host.ts';
import { downloadFile } from './download-file.ts';

const content = noiseBytes(300_000);
const file = { path: 'extra/a.onnx', bytes: content.length, sha256: sha256Of(content) };
const pauses = [0, 0];

let folder: string;
let goal: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giong-download-'));
  goal = join(folder, 'extra', 'a.onnx');
});
afterEach(() => rm(folder, { recursive: true }));

/** Only what is whole and right may be there, and nothing else when that is there. */
async function expectWhole() {
  expect(sha256Of(await Bun.file(goal).bytes())).toBe(file.sha256);
  expect(await readdir(join(folder, 'extra'))).toEqual(['a.onnx']);
}

const partSize = () => Bun.file(`${goal}.part`).size;
const partBeyond = (bytes: number) => until('the part grows', async () => partSize() > bytes);

async function putPart(bytes: Uint8Array, validator = '') {
  await mkdir(join(folder, 'extra'));
  await Bun.write(`${goal}.part`, bytes);
  await Bun.write(`${goal}.part.validator`, validator);
}

test('brings the file', async () => {
  using host = startModelHost((request) => decentAnswer(request, content, '"1"'));
  await downloadFile(file, host.url, goal);
  await expectWhole();
});

describe('a connection that breaks', () => {
  test('goes on where it broke, asking only for the same content', async () => {
    using host = startModelHost((request, index) => {
      const answer = decentAnswer(request, content, '"1"');
      return index < 3 ? { ...answer, cutAfter: 50_000, hold: partBeyond(partSize()) } : answer;
    });
    await downloadFile(file, host.url, goal, { pauses });
    await expectWhole();
    const ranges = host.requests.map(({ headers }) => headers.get('Range'));
    expect(ranges[0]).toBeNull();
    expect(ranges.length).toBe(4);
    const starts = ranges.slice(1).map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]));
    expect(starts.every((start) => start > 0)).toBe(true);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(host.requests.slice(1).every(({ headers }) => headers.get('If-Range') === '"1"')).toBe(true);
  });

  test('time and again without coming further is given up, keeping what has come', async () => {
    using host = startModelHost((request) => ({ ...decentAnswer(request, content), cutAfter: 0 }));
    const first = content.subarray(0, 1000);
    await putPart(first);
    await expect(downloadFile(file, host.url, goal, { pauses })).rejects.toMatchObject({ code: 'download-failed' });
    expect(host.requests.length).toBe(pauses.length + 1);
    expect(existsSync(goal)).toBe(false);
    expect(await Bun.file(`${goal}.part`).bytes()).toEqual(first);
  });

  test('of a server without ranges starts anew', async () => {
    using host = startModelHost((_, index) => ({
      status: 200,
      body: content,
      ...(index === 0 && { cutAfter: 70_000 }),
    }));
    await downloadFile(file, host.url, goal, { pauses });
    await expectWhole();
  });

  test('while the file changed on the server brings the new one whole', async () => {
    using host = startModelHost((request) => decentAnswer(request, content, '"2"'));
    await putPart(noiseBytes(1000, 99), '"1"');
    await downloadFile(file, host.url, goal, { pauses });
    await expectWhole();
    expect(host.requests.length).toBe(1);
  });

  test('at a server that cannot tell whether the file changed is found out by the hash', async () => {
    using host = startModelHost((request) => decentAnswer(request, content));
    await putPart(noiseBytes(1000, 99));
    await downloadFile(file, host.url, goal, { pauses });
    await expectWhole();
    expect(host.requests.map(({ headers }) => headers.get('Range'))).toEqual(['bytes=1000-', null]);
  });

  test('by the caller is cancelled, and keeps what has come', async () => {
    const hold = Promise.withResolvers<void>();
    using host = startModelHost((request) => ({ ...decentAnswer(request, content, '"1"'), hold: hold.promise }));
    const caller = new AbortController();
    const download = downloadFile(file, host.url, goal, { signal: caller.signal, pauses });
    await partBeyond(0);
    caller.abort();
    await expect(download).rejects.toMatchObject({ code: 'cancelled' });
    hold.resolve();
    expect(existsSync(goal)).toBe(false);
    expect(Bun.file(`${goal}.part`).size).toBeGreaterThan(0);
  });
});

test('what had come whole before is used without asking again', async () => {
  using host = startModelHost(() => ({ status: 500 }));
  await putPart(content);
  await downloadFile(file, host.url, goal, { pauses });
  await expectWhole();
  expect(host.requests).toEqual([]);
});

describe('a server that lies', () => {
  const other = noiseBytes(content.length, 7);
  test.each([
    ['with other content of the same length', { status: 200, body: other }],
    ['with less', { status: 200, body: content.subarray(0, 1000) }],
    ['with more', { status: 200, body: noiseBytes(400_000), headers: { 'Content-Length': '400000' } }],
    [
      'with more than it announces',
      { status: 200, body: noiseBytes(900_000), headers: { 'Transfer-Encoding': 'identity' } },
    ],
  ])('%s is found out: nothing of it is used or kept', async (_, answer) => {
    using host = startModelHost(() => answer);
    await expect(downloadFile(file, host.url, goal, { pauses })).rejects.toMatchObject({ code: 'model-corrupt' });
    expect(await readdir(join(folder, 'extra'))).toEqual([]);
  });

  test('with another range than was asked for is asked for the whole', async () => {
    using host = startModelHost((request) =>
      request.headers.has('Range')
        ? { status: 206, headers: { 'Content-Range': `bytes 0-299999/300000` }, body: content }
        : decentAnswer(request, content),
    );
    await putPart(content.subarray(0, 5000));
    await downloadFile(file, host.url, goal, { pauses });
    await expectWhole();
  });

  test('with 416 for a part that should exist is asked for the whole', async () => {
    using host = startModelHost((request) =>
      request.headers.has('Range') ? { status: 416 } : decentAnswer(request, content),
    );
    await putPart(content.subarray(0, 5000));
    await downloadFile(file, host.url, goal, { pauses });
    await expectWhole();
  });
});

test('a file that is not there is no reason to try again', async () => {
  using host = startModelHost(() => ({ status: 404 }));
  await expect(downloadFile(file, host.url, goal, { pauses })).rejects.toMatchObject({
    code: 'download-failed',
    details: { reason: 'status 404' },
  });
  expect(host.requests.length).toBe(1);
});

test('a server that is not well is asked again', async () => {
  using host = startModelHost((request, index) => (index < 2 ? { status: 503 } : decentAnswer(request, content)));
  await downloadFile(file, host.url, goal, { pauses });
  await expectWhole();
});

test('a server that is not there is named in the end', async () => {
  const gone = startModelHost(() => ({ status: 200 }));
  gone[Symbol.dispose]();
  await expect(downloadFile(file, gone.url, goal, { pauses })).rejects.toMatchObject({ code: 'download-failed' });
});

test.skipIf(!existsSync('/dev/full'))('a full disk is storage-full', async () => {
  using host = startModelHost((request) => decentAnswer(request, content));
  await mkdir(join(folder, 'extra'));
  await symlink('/dev/full', `${goal}.part`);
  await expect(downloadFile(file, host.url, goal, { pauses })).rejects.toMatchObject({ code: 'storage-full' });
});
