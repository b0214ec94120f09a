import { describe, expect, test } from 'bun:test';
import { ByteCache } from './byte-cache.ts';

describe('byte cache', () => {
  const create = () => new ByteCache<string>(10, (text) => text.length);
  const keysOf = (cache: ByteCache<string>, ...keys: string[]) => keys.filter((key) => cache.get(key) !== undefined);

  test('gives back what it keeps', () => {
    const cache = create();
    cache.set('a', 'xin');
    expect(cache.get('a')).toBe('xin');
    expect(cache.get('b')).toBeUndefined();
  });

  test('drops the longest unused beyond its budget', () => {
    const cache = create();
    cache.set('a', '1234');
    cache.set('b', '1234');
    cache.get('a');
    cache.set('c', '1234');
    expect(keysOf(cache, 'a', 'b', 'c')).toEqual(['a', 'c']);
  });

  test('does not keep what alone is too large, and drops nothing for it', () => {
    const cache = create();
    cache.set('a', '1234');
    cache.set('huge', '12345678901');
    expect(keysOf(cache, 'a', 'huge')).toEqual(['a']);
  });

  test('counts a replaced value once', () => {
    const cache = create();
    for (let round = 0; round < 5; round++) cache.set('a', '1234');
    cache.set('b', '123456');
    expect(keysOf(cache, 'a', 'b')).toEqual(['a', 'b']);
  });

  test('counts what it holds, what it had at hand and what not', () => {
    const cache = create();
    cache.set('a', '1234');
    keysOf(cache, 'a', 'b', 'c');
    expect(cache.usage).toEqual({ entries: 1, bytes: 4, budgetBytes: 10, hits: 1, misses: 2 });
  });
});
