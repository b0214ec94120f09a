/** Leaves out `skip` frames at the beginning and all beyond `total` frames after them. */
export async function* trimmed(
  chunks: AsyncIterable<readonly Float32Array[]>,
  skip: number,
  total: number,
): AsyncGenerator<readonly Float32Array[]> {
  let position = -skip;
  for await (const channels of chunks) {
    const length = channels[0]?.length ?? 0;
    const start = Math.min(length, Math.max(0, -position));
    const end = Math.max(start, Math.min(length, total - position));
    position += length;
    yield channels.map((channel) => channel.subarray(start, end));
    if (position >= total) return;
  }
}
