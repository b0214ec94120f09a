import type { RetentionRepository } from '../data/retention.ts';
import type { FileStore } from '../files/store.ts';

/** Files that are looked up at once. */
const batchSize = 500;

interface OrphanSearch {
  readonly files: FileStore;
  readonly retention: RetentionRepository;
  /** A younger file may still wait for its record. */
  readonly before: Date;
  /** Asked between two batches. */
  readonly goOn: () => boolean;
}

/** Removes files that no record speaks of: their process died between the two. Files of a kind unknown here stay. Answers how many went. */
export async function removeOrphans({ files, retention, before, goOn }: OrphanSearch): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  const removeFrom = async (keys: readonly string[]) => {
    for (const key of await orphansOf(keys, retention)) {
      await files.remove(key);
      removed++;
    }
  };
  for await (const { key, changedAt } of files.list()) {
    if (changedAt >= before) continue;
    batch.push(key);
    if (batch.length < batchSize) continue;
    await removeFrom(batch);
    batch = [];
    if (!goOn()) return removed;
  }
  await removeFrom(batch);
  return removed;
}

async function orphansOf(keys: readonly string[], retention: RetentionRepository): Promise<string[]> {
  const kinds = Object.groupBy(keys.map(asParts), ({ kind }) => kind);
  const orphans = await Promise.all([
    // These have no record of their own: a reference is needed while its request is answered, a part for a day at most.
    [...(kinds.references ?? []), ...(kinds.parts ?? [])].map(({ key }) => key),
    named(kinds.uploads, (ids) => retention.unknownUploads(ids)),
    named(kinds.voices, (ids) => retention.unknownVoices(ids)),
    named(kinds.results, (ids) => retention.unneededResults(ids)),
  ]);
  return orphans.flat();
}

interface KeyParts {
  readonly key: string;
  readonly kind: string;
  readonly id: string;
}

/** See `fileKeys`. */
function asParts(key: string): KeyParts {
  const [, kind = '', id = '', ...rest] = key.split('/');
  return rest.length > 0 ? { key, kind: '', id } : { key, kind, id };
}

/** The keys of those whose id `findUnknown` gives back. */
async function named(
  parts: readonly KeyParts[] | undefined,
  findUnknown: (ids: readonly string[]) => Promise<readonly string[]>,
): Promise<string[]> {
  if (!parts) return [];
  const unknown = new Set(await findUnknown(parts.map(({ id }) => id)));
  return parts.filter(({ id }) => unknown.has(id)).map(({ key }) => key);
}
