/** What became of a written file. */
export interface StoredFile {
  readonly bytes: number;
  /** Hex digest of the content. */
  readonly sha256: string;
}

/**
 * Where uploads and results lie. A key is made of generated identifiers, such as `w_…/uploads/u_…`, never of a user's words;
 * its first part is the workspace. Readers see a file whole or not at all.
 */
export interface FileStore {
  /**
   * Stores the content under the key, replacing what was there. When it fails, nothing is left behind.
   * Throws `UnavailableError('storage-full')`, and whatever the content throws.
   */
  write(key: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<StoredFile>;
  /** The file, read lazily: slicing it reads only that part. Throws `InputError('not-found')`. */
  open(key: string): Promise<Blob>;
  /** Removes the file; a missing one is no error. */
  remove(key: string): Promise<void>;
}

const keyPattern = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;

/** Throws unless the key is made of identifiers alone: the last guard against a path that leaves the store. */
export function assertKey(key: string): void {
  if (!keyPattern.test(key)) throw new Error(`not a file key: ${JSON.stringify(key)}`);
}

/** Keys of all that a workspace owns. */
export const fileKeys = {
  upload: (workspaceId: string, uploadId: string) => `${workspaceId}/uploads/${uploadId}`,
  /** A recording that is kept only until its voice is made. */
  reference: (workspaceId: string, referenceId: string) => `${workspaceId}/references/${referenceId}`,
  /** What has arrived so far of an upload that comes in parts. */
  part: (workspaceId: string, partId: string) => `${workspaceId}/parts/${partId}`,
  voice: (workspaceId: string, voiceId: string) => `${workspaceId}/voices/${voiceId}`,
  /** `file` names one attempt at a job, so that two who work on the same job never touch each other's result. */
  result: (workspaceId: string, file: string) => `${workspaceId}/results/${file}`,
};
