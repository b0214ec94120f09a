import { randomBytes } from 'node:crypto';

/** Prefix by kind, so that a log line tells what an id belongs to. */
const prefixes = {
  upload: 'u',
  reference: 'r',
  voice: 'v',
  job: 'j',
  attempt: 'a',
  workspace: 'w',
  batch: 'b',
  webhook: 'h',
  part: 'p',
  key: 'k',
} as const;

/** A new unguessable identifier (96 random bits), safe as a file name and in a URL, such as `u_4hTq9cYw2sKb7mXe`. */
export function newId(kind: keyof typeof prefixes): string {
  return `${prefixes[kind]}_${randomBytes(12).toString('base64url')}`;
}

/** The identifier that always comes of the same words; whoever does not know them all cannot guess it. */
export function idFrom(kind: keyof typeof prefixes, ...words: readonly string[]): string {
  const digest = new Bun.CryptoHasher('sha256').update(JSON.stringify(words)).digest();
  return `${prefixes[kind]}_${digest.subarray(0, 12).toString('base64url')}`;
}

/** A secret for a cookie: 256 random bits. Only its hash is stored. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What a workspace's id looks like. It names folders. */
export const workspaceIdPattern = /^w_[\w-]{1,32}$/;
