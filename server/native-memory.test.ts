import { expect, test } from 'bun:test';
import { loadCLibrary } from './c-library.ts';
import { giveLargeBlocksBack } from './native-memory.ts';

const megabyte = 2 ** 20;
const size = 24 * megabyte;
/** Only glibc has mallopt. */
const isGlibc = loadCLibrary({ mallopt: { args: ['i32', 'i32'], returns: 'i32' } }) !== undefined;

test.skipIf(!isGlibc)('a large block is the system’s again as soon as it is free, whatever lies behind it', () => {
  const library = loadCLibrary({
    malloc: { args: ['usize'], returns: 'ptr' },
    memset: { args: ['ptr', 'i32', 'usize'], returns: 'ptr' },
    free: { args: ['ptr'], returns: 'void' },
  });
  if (!library) throw new Error('no C library');
  const filled = () => {
    const block = library.malloc(size);
    library.memset(block, 1, size);
    return block;
  };
  giveLargeBlocksBack();
  // From the first free one glibc would learn to keep the next ones.
  library.free(filled());
  const [first, second] = [filled(), filled()];
  const before = process.memoryUsage.rss();
  library.free(first);
  expect(before - process.memoryUsage.rss()).toBeGreaterThan(size - 4 * megabyte);
  library.free(second);
});
