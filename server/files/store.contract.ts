import { beforeEach, describe, expect, test } from 'bun:test';
import { InputError } from '#core/errors.ts';
import type { FileContent, FileStore } from './store.ts';

const mebibyte = 2 ** 20;

/** What every store must do. `open` gives an empty one. */
export function describeFileStore(name: string, open: () => Promise<FileStore>): void {
  describe(name, () => {
    let store: FileStore;
    beforeEach(async () => {
      store = await open();
    });
    const keysOf = async (folder?: string) => {
      const files = await Array.fromAsync(store.list(folder));
      return files.map(({ key }) => key).toSorted();
    };

    test('gives back what was written, with its size and hash', async () => {
      const stored = await store.write('w_1/uploads/u_1', chunks('xin ', 'chào'));
      const expected = new Bun.CryptoHasher('sha256').update('xin chào').digest('hex');
      expect(stored).toEqual({ bytes: Buffer.byteLength('xin chào'), sha256: expected });
      const file = await store.open('w_1/uploads/u_1');
      expect(file.size).toBe(stored.bytes);
      expect(await textOf(file)).toBe('xin chào');
      expect(await new Response(file.stream()).text()).toBe('xin chào');
    });

    test('keeps empty files', async () => {
      await store.write('w_1/uploads/u_1', chunks());
      const file = await store.open('w_1/uploads/u_1');
      expect(file.size).toBe(0);
      expect(await textOf(file)).toBe('');
    });

    test('reads a part of a file, and a part of a part', async () => {
      await store.write('w_1/results/j_1', new TextEncoder().encode('0123456789'));
      const part = (await store.open('w_1/results/j_1')).slice(3, 8);
      expect(part.size).toBe(5);
      expect(await textOf(part)).toBe('34567');
      expect(await new Response(part.stream()).text()).toBe('34567');
      expect(await textOf(part.slice(1, 3))).toBe('45');
      expect(await textOf(part.slice(2, 2))).toBe('');
      expect(part.slice(2, 100).size).toBe(3);
    });

    test('stores what is larger than one part', async () => {
      const [count, hasher] = [20, new Bun.CryptoHasher('sha256')];
      async function* large() {
        for (let index = 0; index < count; index++) {
          const chunk = new Uint8Array(mebibyte).fill(index);
          hasher.update(chunk);
          yield chunk;
        }
      }
      const stored = await store.write('w_1/uploads/u_1', large());
      expect(stored).toEqual({ bytes: count * mebibyte, sha256: hasher.digest('hex') });
      const file = await store.open('w_1/uploads/u_1');
      expect(file.size).toBe(count * mebibyte);
      expect([...(await file.slice(17 * mebibyte - 1, 17 * mebibyte + 1).bytes())]).toEqual([16, 17]);
    });

    test.each([0, 1, 20])('keeps the old file when the content fails after %p MiB', async (mebibytes) => {
      await store.write('w_1/uploads/u_1', chunks('old'));
      async function* failing() {
        for (let index = 0; index < mebibytes; index++) yield new Uint8Array(mebibyte);
        throw new InputError('audio-too-large');
      }
      await expect(store.write('w_1/uploads/u_1', failing())).rejects.toThrow('audio-too-large');
      await expect(store.write('w_1/uploads/u_2', failing())).rejects.toThrow('audio-too-large');
      expect(await textOf(await store.open('w_1/uploads/u_1'))).toBe('old');
      expect(await keysOf()).toEqual(['w_1/uploads/u_1']);
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

    test('lists all files, or those of one folder, with the time of their writing', async () => {
      expect(await keysOf()).toEqual([]);
      expect(await keysOf('w_1')).toEqual([]);
      const before = Date.now();
      const keys = ['w_1/results/j_1', 'w_1/uploads/u_1', 'w_10/uploads/u_2'];
      for (const key of keys) await store.write(key, chunks(key));
      expect(await keysOf()).toEqual(keys);
      expect(await keysOf('w_1')).toEqual(keys.slice(0, 2));
      expect(await keysOf('w_1/uploads')).toEqual(['w_1/uploads/u_1']);
      for await (const { changedAt } of store.list()) {
        expect(Math.abs(changedAt.getTime() - before)).toBeLessThan(60_000);
      }
    });

    test('removes all files of a folder and no other', async () => {
      for (let index = 0; index < 40; index++) await store.write(`w_1/uploads/u_${index}`, chunks('x'));
      await store.write('w_10/uploads/u_1', chunks('x'));
      await store.removeAll('w_1');
      await store.removeAll('w_none');
      expect(await keysOf()).toEqual(['w_10/uploads/u_1']);
    });

    test('answers', async () => {
      expect(await store.ping()).toBeUndefined();
    });

    test.each(['../secret', 'w_1/../../secret', '/etc/passwd', 'w_1/.hidden', 'w_1//x', '', 'w_1/a\0b'])(
      'refuses the key %p',
      async (key) => {
        const refusal = 'not a file key';
        await expect(store.open(key)).rejects.toThrow(refusal);
        await expect(store.write(key, chunks('x'))).rejects.toThrow(refusal);
        await expect(store.remove(key)).rejects.toThrow(refusal);
        await expect(store.removeAll(key)).rejects.toThrow(refusal);
        await expect(keysOf(key)).rejects.toThrow(refusal);
      },
    );
  });
}

export async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

export async function textOf(file: FileContent): Promise<string> {
  return new TextDecoder().decode(await file.bytes());
}
