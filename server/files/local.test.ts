import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnavailableError } from '#core/errors.ts';
import { asStorageError, LocalFileStore, writeDurably } from './local.ts';
import { chunks, describeFileStore, textOf } from './store.contract.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'giong-files-'));
});
afterAll(() => rm(root, { recursive: true }));

const newFolder = () => mkdtemp(join(root, 'store-'));

describeFileStore('local file store', async () => new LocalFileStore(await newFolder()));

describe('local file store, half-written files', () => {
  test('leaves none when the content fails', async () => {
    const folder = await newFolder();
    async function* failing() {
      yield new Uint8Array(10);
      throw new Error('no more');
    }
    await expect(new LocalFileStore(folder).write('w_1/uploads/u_1', failing())).rejects.toThrow('no more');
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  test('clears what a killed process left long ago, and nothing that another one may be writing', async () => {
    const folder = await newFolder();
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    const longAgo = new Date(Date.now() - 24 * 3600 * 1000);
    await Bun.write(join(temporary, 'left-behind'), 'half');
    await utimes(join(temporary, 'left-behind'), longAgo, longAgo);

    const [writer, starting] = [new LocalFileStore(folder), new LocalFileStore(folder)];
    async function* interrupted() {
      yield* chunks('xin ');
      await starting.clearTemporary();
      yield* chunks('chào');
    }
    await writer.write('w_1/uploads/u_1', interrupted());
    expect(await textOf(await writer.open('w_1/uploads/u_1'))).toBe('xin chào');
    expect(await readdir(temporary)).toEqual([]);
  });

  test('clearing a store that was never written to is no error', async () => {
    await new LocalFileStore(await newFolder()).clearTemporary();
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk is the typed error storage-full', async () => {
    const error = await writeDurably('/dev/full', chunks('x')).then(() => undefined, asStorageError);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toHaveProperty('code', 'storage-full');
  });
});
