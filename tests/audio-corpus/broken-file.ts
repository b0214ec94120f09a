import type { ErrorCode } from '#core/errors.ts';

/** A file that is broken, lies about itself, or is no recording at all. */
export interface BrokenFile {
  readonly name: string;
  readonly build: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
  /** The code of the refusal; `decodes` where what is there is usable sound all the same. */
  readonly outcome: ErrorCode | 'decodes';
}

type Build = BrokenFile['build'];

/** A short way to write a list of them. */
export function broken(name: string, outcome: BrokenFile['outcome'], build: Build): BrokenFile {
  return { name, outcome, build };
}
