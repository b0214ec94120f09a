import { dlopen, type FFIFunction } from 'bun:ffi';

/** The C library by its names on Linux: glibc's, then musl's. */
const libraries = ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`];

/** Functions of the C library; `undefined` where there is none that has them, as on all but Linux. */
export function loadCLibrary<Symbols extends Record<string, FFIFunction>>(symbols: Symbols) {
  if (process.platform !== 'linux') return undefined;
  for (const library of libraries) {
    try {
      return dlopen(library, symbols).symbols;
    } catch {
      // The other C library, then.
    }
  }
  return undefined;
}
