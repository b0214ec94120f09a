import { expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ArchivedFile, uniqueNames, zipOf } from './archive.ts';

const modifiedAt = new Date('2026-03-04T05:06:08Z');
const fileOf = (name: string, content: Blob): ArchivedFile => ({ name, content, bytes: content.size, modifiedAt });

test('names are safe on every system and differ even where case or accents are all that does', () => {
  expect(
    uniqueNames(['a.wav', 'A.wav', 'a.wav', 'a (2).wav', 'x/../y: "z"?.wav', 'Ti\u00ea\u0301ng.mp3', 'Tiếng.mp3']),
  ).toEqual(['a.wav', 'A (2).wav', 'a (3).wav', 'a (2) (2).wav', 'x_.._y_ _z__.wav', 'Tiếng.mp3', 'Tiếng (2).mp3']);
});

test('other programs unpack the archive', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'giong-zip-'));
  try {
    const sound = new Uint8Array(3_000_000).map((_, index) => index * 7);
    const stream = zipOf([
      fileOf('Lời chào - Giọng nữ.wav', new Blob([sound])),
      fileOf('lời chào - giọng nữ.wav', new Blob(['second'])),
    ]);
    const archive = await new Response(stream).bytes();
    await Bun.write(join(folder, 'a.zip'), archive);
    const read =
      'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print("\\n".join(z.namelist()))';
    const listed = Bun.spawnSync(['python3', '-c', read, join(folder, 'a.zip')], { env: { PYTHONIOENCODING: 'utf8' } });
    expect(listed.stderr.toString()).toBe('');
    expect(listed.stdout.toString().trim().split('\n')).toEqual([
      'Lời chào - Giọng nữ.wav',
      'lời chào - giọng nữ (2).wav',
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('files are read only as the archive is: the next one is not opened before', async () => {
  const opened: string[] = [];
  const lazy = (name: string): ArchivedFile => {
    const content = new Blob([new Uint8Array(2 ** 20)]);
    const stream = content.stream.bind(content);
    content.stream = () => {
      opened.push(name);
      return stream();
    };
    return fileOf(name, content);
  };
  const stream = zipOf(['a', 'b', 'c'].map(lazy));
  const reader = stream.getReader();
  await reader.read();
  expect(opened).toEqual(['a']);
  await reader.cancel();
});
