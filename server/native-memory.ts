import { loadCLibrary } from './c-library.ts';

/** Of glibc's malloc.h: what mallopt(3) is told to set. */
const [trimThreshold, mmapThreshold] = [-1, -3];
const [mostIdleBytes, largeBytes] = [2 ** 23, 2 ** 22];

/**
 * Has glibc give large blocks of memory back to the system as soon as they are free. By itself it learns from the first ones to keep such
 * blocks, and holes of 10 to 50 MB that the next ones just miss stay with the process. Elsewhere this does nothing.
 */
export function giveLargeBlocksBack(): void {
  const library = loadCLibrary({ mallopt: { args: ['i32', 'i32'], returns: 'i32' } });
  library?.mallopt(mmapThreshold, largeBytes);
  library?.mallopt(trimThreshold, mostIdleBytes);
}
