/** What became of a written file. */
export interface StoredFile {
  readonly bytes: number;
  /** Hex digest of the content. */
  readonly sha256: string;
}

/** A stored file or a part of one, read lazily. A `Blob` is one. */
export interface FileContent {
  /** In bytes. */
  readonly size: number;
  /** The part from `start` to before `end`: reading it reads nothing else. */
  slice(start: number, end: number): FileContent;
  stream(): ReadableStream<Uint8Array<ArrayBuffer>>;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export interface ListedFile {
  readonly key: string;
  readonly changedAt: Date;
}

/**
 * Where uploads and results lie. A key is made of generated identifiers, such as `w_…/uploads/u_…`, never of a user's words;
 * its first part is the workspace. Readers see a file whole or not at all.
 *
 * Every implementation passes `describeFileStore` (store.contract.ts). All methods throw `UnavailableError('storage-unavailable')`
 * while the store can't be reached.
 */
export interface FileStore {
  /**
   * Stores the content under the key, replacing what was there. When it fails, nothing is left behind.
   * Throws `UnavailableError('storage-full')`, and whatever the content throws.
   */
  write(key: string, content: AsyncIterable<Uint8Array> | Uint8Array): Promise<StoredFile>;
  /** Throws `InputError('not-found')`. */
  open(key: string): Promise<FileContent>;
  /** Removes the file; a missing one is no error. */
  remove(key: string): Promise<void>;
  /** All files whose keys begin with these whole parts, such as a workspace, or all there are; in no order. */
  list(folder?: string): AsyncIterable<ListedFile>;
  /** Removes all files whose keys begin with these whole parts. */
  removeAll(folder: string): Promise<void>;
  /** Removes what killed processes left half written, as far as nobody can be writing it any more. */
  clearTemporary(): Promise<void>;
  /** Throws when the store can't be reached. */
  ping(): Promise<void>;
}

const keyPattern = /^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/;

/** Whether a store can have made the key: it consists of identifiers alone. */
export function isKey(key: string): boolean {
  return keyPattern.test(key);
}

/** Throws unless it `isKey`: the last guard against a path that leaves the store. */
export function assertKey(key: string): void {
  if (!isKey(key)) throw new Error(`not a file key: ${JSON.stringify(key)}`);
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
