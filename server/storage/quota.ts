import { UnavailableError } from '#core/errors.ts';
import type { ComingResult, Usage, UsageRepository } from '../data/usage.ts';
import { mostResultBytes } from './result-size.ts';

/**
 * How much each workspace may store. Exact within one process; of several, each may let one more file in while the others do.
 * All methods throw `UnavailableError('quota-exceeded', { used, limit })`, in bytes.
 */
export class StorageQuota {
  readonly #usage: UsageRepository;
  /** 0 is none. */
  readonly #limit: number;
  /** Bytes of each workspace that arrive now, which the database does not know yet. */
  readonly #arriving = new Map<string, number>();

  constructor(usage: UsageRepository, limitBytes: number) {
    this.#usage = usage;
    this.#limit = limitBytes;
  }

  /** Throws when so many bytes have no room now. */
  async requireRoom(workspaceId: string, bytes: number): Promise<void> {
    if (this.#limit > 0) await this.#check(workspaceId, bytes);
  }

  /** Throws when the results of these jobs may have no room beside the results of those that wait. */
  async requireRoomForResults(workspaceId: string, jobs: readonly ComingResult[]): Promise<void> {
    if (this.#limit === 0 || jobs.length === 0) return;
    const waiting = await this.#usage.comingResults(workspaceId);
    await this.#check(workspaceId, sum([...waiting, ...jobs].map(mostResultBytes)));
  }

  /**
   * Lets content in as far as there is room: what `take` reads throws where there is none left. The bytes count as arriving until
   * `take` is done, which stores them and makes their record.
   */
  async admit<Result>(
    workspaceId: string,
    content: AsyncIterable<Uint8Array>,
    take: (content: AsyncIterable<Uint8Array>) => Promise<Result>,
  ): Promise<Result> {
    if (this.#limit === 0) return take(content);
    const arrived = { bytes: 0 };
    try {
      return await take(this.#counted(workspaceId, content, arrived));
    } finally {
      this.#addArriving(workspaceId, -arrived.bytes);
    }
  }

  async *#counted(workspaceId: string, content: AsyncIterable<Uint8Array>, arrived: { bytes: number }) {
    const used = await this.#check(workspaceId, 1);
    for await (const chunk of content) {
      arrived.bytes += chunk.byteLength;
      const arriving = this.#addArriving(workspaceId, chunk.byteLength);
      if (used + arriving > this.#limit) this.#refuse(used);
      yield chunk;
    }
    // Meanwhile others may have become records.
    await this.#check(workspaceId, 0);
  }

  /** Bytes in use, when so many more have room. */
  async #check(workspaceId: string, more: number): Promise<number> {
    const used = bytesOf(await this.#usage.of(workspaceId));
    if (used + (this.#arriving.get(workspaceId) ?? 0) + more > this.#limit) this.#refuse(used);
    return used;
  }

  #addArriving(workspaceId: string, bytes: number): number {
    const arriving = (this.#arriving.get(workspaceId) ?? 0) + bytes;
    if (arriving > 0) this.#arriving.set(workspaceId, arriving);
    else this.#arriving.delete(workspaceId);
    return arriving;
  }

  #refuse(used: number): never {
    throw new UnavailableError('quota-exceeded', { used, limit: this.#limit });
  }
}

/** All that a workspace has stored, in bytes. */
export function bytesOf({ uploads, voices, results }: Usage): number {
  return uploads.bytes + voices.bytes + results.bytes;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
