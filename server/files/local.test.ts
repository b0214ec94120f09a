import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, UnavailableError } from '#core/errors.ts';
import { asStorageError, LocalFileStore, writeDurably } from './local.ts';

let folder: string;
let store: LocalFileStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'giong-files-'));
  store = new LocalFileStore(folder);
});
afterEach(() => rm(folder, { recursive: true }));

async function* chunks(...texts: string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe('local file store', () => {
  test('gives back what was written, with its size and hash', async () => {
    const stored = await store.write('w_1/uploads/u_1', chunks('xin ', 'chào'));
    const expected = new Bun.CryptoHasher('sha256').update('xin chào').digest('hex');
    expect(stored).toEqual({ bytes: Buffer.byteLength('xin chào'), sha256: expected });
    expect(await (await store.open('w_1/uploads/u_1')).text()).toBe('xin chào');
  });

  test('reads a part of a file', async () => {
    await store.write('w_1/results/j_1', new TextEncoder().encode('0123456789'));
    expect(await (await store.open('w_1/results/j_1')).slice(3, 6).text()).toBe('345');
  });

  test('keeps the old file and leaves nothing behind when the content fails half way', async () => {
    await store.write('w_1/uploads/u_1', chunks('old'));
    async function* failing() {
      yield new TextEncoder().encode('new');
      throw new InputError('audio-too-large');
    }
    await expect(store.write('w_1/uploads/u_1', failing())).rejects.toThrow('audio-too-large');
    expect(await (await store.open('w_1/uploads/u_1')).text()).toBe('old');
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  test('a missing file is not found, and removing it is no error', async () => {
    await expect(store.open('w_1/uploads/none')).rejects.toThrow('not-found');
    await store.remove('w_1/uploads/none');
  });

  test('a removed file is gone', async () => {
    await store.write('w_1/uploads/u_1', chunks('x'));
    await store.remove('w_1/uploads/u_1');
    await expect(store.open('w_1/uploads/u_1')).rejects.toThrow('not-found');
  });

  test.each(['../secret', 'w_1/../../secret', '/etc/passwd', 'w_1/.hidden', 'w_1//x', '', 'w_1/a\0b'])(
    'refuses the key %p',
    async (key) => {
      await expect(store.open(key)).rejects.toThrow('not a file key');
      await expect(store.write(key, chunks('x'))).rejects.toThrow('not a file key');
      await expect(store.remove(key)).rejects.toThrow('not a file key');
    },
  );

  test('clears what a killed process left half written', async () => {
    await writeDurably(await temporaryFile(), chunks('half'));
    await store.clearTemporary();
    expect(existsSync(join(folder, 'tmp'))).toBe(false);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk is the typed error storage-full', async () => {
    const error = await writeDurably('/dev/full', chunks('x')).then(() => undefined, asStorageError);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toHaveProperty('code', 'storage-full');
  });
});

async function temporaryFile(): Promise<string> {
  await store.write('w_1/uploads/u_0', chunks('x'));
  return join(folder, 'tmp', 'left-behind');
}
