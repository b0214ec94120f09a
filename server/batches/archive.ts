import { makeZip } from 'client-zip';
import type { Job } from '../http/api-types.ts';

/** A file of the archive. Its content is read when its turn comes. */
export interface ArchivedFile {
  readonly name: string;
  readonly content: { stream(): ReadableStream<Uint8Array> };
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** A ZIP that is made while it is read: stored rather than deflated, for sound does not shrink. */
export function zipOf(files: readonly ArchivedFile[]): ReadableStream<Uint8Array> {
  const names = uniqueNames(files.map((file) => file.name));
  function* entries() {
    for (const [index, { name, content, bytes, modifiedAt }] of files.entries()) {
      yield { name: names[index] ?? name, lastModified: modifiedAt, size: bytes, input: content.stream() };
    }
  }
  const zip = makeZip(entries()).getReader();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await zip.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    // A reader that goes away is no failure, but makes the archive's own stream fail.
    cancel: () => zip.cancel().catch(() => undefined),
  });
}

const failuresName = 'failures.json';

/** The list of jobs that the archive has no result of, and why. */
export function failuresFile(jobs: readonly Job[], modifiedAt: Date): ArchivedFile {
  const failures = jobs.map(({ id, source, status, error }) => ({ source: source.name, job: id, status, error }));
  const content = new Blob([`${JSON.stringify(failures, null, 2)}\n`]);
  return { name: failuresName, content, bytes: content.size, modifiedAt };
}

/**
 * Names that every system can unpack side by side: no folders, none of the characters that Windows forbids, and no two that
 * differ only in case or in how their accents are composed.
 */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const clean = name.normalize('NFC').replace(/[<>:"/\\|?*\p{Cc}]/gu, '_');
    const [, stem = clean, ending = ''] = /^(.+?)(\.[A-Za-z0-9]{1,5})?$/s.exec(clean) ?? [];
    for (let count = 1; ; count++) {
      const candidate = count === 1 ? `${stem}${ending}` : `${stem} (${count})${ending}`;
      const key = candidate.toLowerCase();
      if (taken.has(key)) continue;
      taken.add(key);
      return candidate;
    }
  });
}
