/**
 * What the promise resolves to, or `late` when it takes longer than that many milliseconds; it goes on all the same. Rejects as the
 * promise does in time; what it rejects with later is nobody's.
 */
export async function within<T, Late>(milliseconds: number, promise: Promise<T>, late: Late): Promise<T | Late> {
  const waited = Promise.withResolvers<Late>();
  const timer = setTimeout(() => waited.resolve(late), milliseconds);
  try {
    return await Promise.race([promise, waited.promise]);
  } finally {
    clearTimeout(timer);
  }
}
