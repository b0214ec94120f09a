import { describe, expect, test } from 'bun:test';
import { builds, kernelsFor } from '../../tests/support/kernels.ts';
import { UnavailableError } from '../errors.ts';
import { Heap } from './heap.ts';
import { loadKernels } from './module.ts';

describe('loading the kernels', () => {
  for (const build of builds) {
    test(`the ${build} build imports nothing and validates`, async () => {
      const kernels = await kernelsFor(build);
      expect(kernels.build).toBe(build);
      expect(kernels.exports.heapBase()).toBeGreaterThan(0);
    });
  }

  const notWebAssembly = new Uint8Array([1, 2, 3, 4]);

  test('falls back to the scalar build where the SIMD one does not validate', async () => {
    const scalar = await Bun.file(`${import.meta.dir}/../../wasm/build/kernels.scalar.wasm`).bytes();
    const kernels = await loadKernels({ loadKernels: async (name) => (name === 'simd' ? notWebAssembly : scalar) });
    expect(kernels.build).toBe('scalar');
  });

  test('says that SIMD is missing when it was asked for', async () => {
    const loading = loadKernels({ loadKernels: async () => notWebAssembly }, 'simd');
    await expect(loading).rejects.toEqual(new UnavailableError('simd-missing'));
  });
});

describe('temporary blocks', () => {
  test('are aligned, zero-filled, apart from each other, and reused after their scope', async () => {
    const kernels = await kernelsFor('scalar');
    const use = () =>
      kernels.scope(() => {
        const a = kernels.allocF32(5);
        const b = kernels.allocI32(7);
        expect(a.pointer % 16).toBe(0);
        expect(b.pointer).toBeGreaterThanOrEqual(a.pointer + 20);
        expect([...a.view, ...b.view].every((value) => value === 0)).toBe(true);
        a.view.fill(1);
        b.view.fill(2);
        expect([...a.view]).toEqual([1, 1, 1, 1, 1]);
        return a.pointer;
      });
    expect(use()).toBe(use());
  });

  test('are released when the work throws', async () => {
    const kernels = await kernelsFor('scalar');
    const before = kernels.mark();
    expect(() =>
      kernels.scope(() => {
        kernels.allocF32(100);
        throw new Error('stop');
      }),
    ).toThrow('stop');
    expect(kernels.mark()).toEqual(before);
  });

  test('keep their contents while the memory grows under them', async () => {
    const kernels = await kernelsFor('scalar');
    kernels.scope(() => {
      const early = kernels.copyF32([1, 2, 3]);
      const late = kernels.allocF32(4_000_000);
      late.view[3_999_999] = 7;
      expect([...early.view]).toEqual([1, 2, 3]);
      expect(late.view[3_999_999]).toBe(7);
    });
  });

  test('take no more memory the second time, nor after a hundred rounds', async () => {
    const kernels = await kernelsFor('scalar');
    const round = () =>
      kernels.scope(() => {
        kernels.allocF32(100_000);
        kernels.allocF32(3_000_000);
        kernels.scope(() => kernels.allocF32(2_000_000).length);
      });
    round();
    const bytes = kernels.memoryBytes;
    for (let i = 0; i < 100; i++) round();
    expect(kernels.memoryBytes).toBe(bytes);
  });
});

describe('reserved blocks', () => {
  test('outlive scopes that open and close around them', async () => {
    const kernels = await kernelsFor('scalar');
    const kept = kernels.scope(() => {
      kernels.allocF32(10);
      const block = kernels.reserveF32(4);
      block.view.fill(9);
      return block;
    });
    kernels.scope(() => kernels.allocF32(1_000_000).view.fill(1));
    expect([...kept.view]).toEqual([9, 9, 9, 9]);
    kept.free();
    kept.free();
    expect(kernels.reserveF32(4).pointer).toBe(kept.pointer);
  });
});

describe('the heap', () => {
  const memory = () => new WebAssembly.Memory({ initial: 1 });

  test('gives every byte back, whatever the order', () => {
    const heap = new Heap(memory(), 100);
    const whole = heap.freeBytes;
    const sizes = [100, 17, 1, 4096, 0, 333, 64];
    const blocks = sizes.map((size) => ({ size, start: heap.allocate(size) }));
    for (const index of [3, 0, 6, 2, 1, 5, 4]) {
      const block = blocks[index];
      if (block) heap.free(block.start, block.size);
    }
    expect(heap.freeBytes).toBe(whole);
    expect(heap.allocate(whole)).toBe(112);
  });

  test('refuses a second free', () => {
    const heap = new Heap(memory(), 0);
    const start = heap.allocate(32);
    heap.free(start, 32);
    expect(() => heap.free(start, 32)).toThrow(RangeError);
  });

  test('says that memory is exhausted where it cannot grow', () => {
    const heap = new Heap(new WebAssembly.Memory({ initial: 1, maximum: 2 }), 0);
    expect(() => heap.allocate(3 * 65536)).toThrow(expect.objectContaining({ code: 'memory-exhausted' }));
    expect(heap.allocate(65536)).toBe(0);
  });

  test('grows by what is missing and joins it to the free end', () => {
    const store = memory();
    const heap = new Heap(store, 0);
    heap.allocate(65536 - 32);
    expect(heap.allocate(65536)).toBe(65536 - 32);
    expect(store.buffer.byteLength).toBe(2 * 65536);
    expect(heap.freeBytes).toBe(32);
  });
});
