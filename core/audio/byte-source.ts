/** A file that lies elsewhere and is read part by part, such as a `Blob` of a browser or of Bun. */
export interface LazyFile {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** Bytes of a file, be they in memory or not. */
export interface ByteSource {
  readonly size: number;
  /** Bytes `start` … `end` − 1, less where the file ends before. May be a view of the file. */
  read(start: number, end: number): Promise<Uint8Array>;
}

export function bytesInMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

export function bytesOfFile(file: LazyFile): ByteSource {
  return {
    size: file.size,
    read: async (start, end) => new Uint8Array(await file.slice(start, Math.min(end, file.size)).arrayBuffer()),
  };
}
