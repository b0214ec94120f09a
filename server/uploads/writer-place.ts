import { InputError } from '#core/errors.ts';
import type { ResumableUploadRepository } from '../data/resumable-uploads.ts';
import { newToken } from '../ids.ts';

/** How long the place of a writer that gives no sign of life is kept for it. */
const leaseMilliseconds = 5000;
const renewMilliseconds = leaseMilliseconds / 4;
const askMilliseconds = 250;

/**
 * The one place at each upload from which parts are added, kept in the database, so that it is one among all processes. A writer
 * whose process died loses it within seconds; one that was only slow finds out when it tells of its next part.
 */
export class WriterPlace {
  readonly #records: ResumableUploadRepository;
  /** Uploads that this process writes to: their writers live for certain. */
  readonly #held = new Set<string>();

  constructor(records: ResumableUploadRepository) {
    this.#records = records;
  }

  /** Does the work in the upload's place; waits for that of a process that may be dead. Throws `InputError('upload-locked')`. */
  async hold<Result>(uploadId: string, work: (writer: string) => Promise<Result>): Promise<Result> {
    const latest = Date.now() + leaseMilliseconds + askMilliseconds;
    for (;;) {
      if (this.#held.has(uploadId)) throw new InputError('upload-locked');
      const outcome = await this.#attempt(uploadId, work);
      if (outcome) return outcome.result;
      if (Date.now() > latest) throw new InputError('upload-locked');
      await Bun.sleep(askMilliseconds);
    }
  }

  /** Does the work, unless the place is taken: undefined then. */
  async tryHold<Result>(uploadId: string, work: (writer: string) => Promise<Result>): Promise<Result | undefined> {
    return this.#held.has(uploadId) ? undefined : (await this.#attempt(uploadId, work))?.result;
  }

  async #attempt<Result>(
    uploadId: string,
    work: (writer: string) => Promise<Result>,
  ): Promise<{ result: Result } | undefined> {
    const writer = newToken();
    const until = () => new Date(Date.now() + leaseMilliseconds);
    this.#held.add(uploadId);
    try {
      if (!(await this.#records.claim(uploadId, writer, new Date(), until()))) return undefined;
      // A renewal that fails is made up for by the next, or the place is lost, which the next part shows.
      const renewal = setInterval(
        () => void this.#records.renew(uploadId, writer, until()).catch(() => undefined),
        renewMilliseconds,
      );
      try {
        return { result: await work(writer) };
      } finally {
        clearInterval(renewal);
        await this.#records.release(uploadId, writer);
      }
    } finally {
      this.#held.delete(uploadId);
    }
  }
}
