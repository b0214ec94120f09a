import { InputError } from '#core/errors.ts';
import type { RemovedJob, RetentionRepository } from '../data/retention.ts';
import type { UsageRepository } from '../data/usage.ts';
import { type FileStore, fileKeys } from '../files/store.ts';
import type { Workspace } from '../http/api-types.ts';
import { bytesOf } from './quota.ts';

export interface WorkspaceStorageParts {
  readonly usage: UsageRepository;
  readonly retention: RetentionRepository;
  readonly files: FileStore;
  /** 0 is none. */
  readonly quotaBytes: number;
  /** 0 is for ever. */
  readonly keepDays: number;
}

const nothing = { count: 0, bytes: 0 };
const nothingStored = { uploads: nothing, voices: nothing, results: nothing };

/** What users see of their storage, and how they make room. */
export class WorkspaceStorage {
  readonly #parts: WorkspaceStorageParts;

  constructor(parts: WorkspaceStorageParts) {
    this.#parts = parts;
  }

  /** Of a visitor without a workspace as of one who has stored nothing. */
  async view(workspaceId: string | undefined): Promise<Workspace> {
    const { usage, quotaBytes, keepDays } = this.#parts;
    const stored = workspaceId === undefined ? nothingStored : await usage.of(workspaceId);
    return { usedBytes: bytesOf(stored), quotaBytes: quotaBytes || null, keepDays: keepDays || null, ...stored };
  }

  /** Throws `InputError('not-found')`, `'in-use'` while an unfinished job needs the upload. */
  async removeUpload(workspaceId: string, id: string): Promise<void> {
    const { retention, files } = this.#parts;
    const outcome = await retention.removeUpload(workspaceId, id);
    if (outcome === 'missing') throw new InputError('not-found');
    if (outcome === 'in-use') throw new InputError('in-use');
    await files.remove(fileKeys.upload(workspaceId, id));
  }

  /** Removes an ended job and its result, unless another job has the same. Throws `InputError('in-use')` for any other. */
  async removeJob(workspaceId: string, id: string): Promise<void> {
    const { retention, files } = this.#parts;
    const removed = await retention.removeJob(workspaceId, id);
    if (!removed) throw new InputError('in-use');
    await removeUnneededResults([removed], retention, files);
  }
}

/** Removes the results that no job has any more. Answers how many. */
export async function removeUnneededResults(
  removed: readonly RemovedJob[],
  retention: RetentionRepository,
  files: FileStore,
): Promise<number> {
  const workspaces = new Map(
    removed.flatMap(({ resultFile, workspaceId }) => (resultFile === null ? [] : [[resultFile, workspaceId] as const])),
  );
  const unneeded = await retention.unneededResults([...workspaces.keys()]);
  for (const id of unneeded) await files.remove(fileKeys.result(workspaces.get(id) ?? '', id));
  return unneeded.length;
}
