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

/**
 * The identifier of what a request makes: always the same for the same workspace, `Idempotency-Key` and request, which nobody guesses
 * who does not know them all; a new one where there is no key.
 */
function requestedId(
  kind: keyof typeof prefixes,
  workspaceId: string,
  idempotencyKey: string | undefined,
  request: object,
): string {
  if (idempotencyKey === undefined) return newId(kind);
  const words = JSON.stringify([workspaceId, idempotencyKey, JSON.stringify(request)]);
  const digest = new Bun.CryptoHasher('sha256').update(words).digest();
  return `${prefixes[kind]}_${digest.subarray(0, 12).toString('base64url')}`;
}

/** The identifier of what a request makes, and what the same request has made before, even when it could not be answered then. */
export async function requested<Found>(
  kind: keyof typeof prefixes,
  workspaceId: string,
  idempotencyKey: string | undefined,
  request: object,
  records: { find(workspaceId: string, id: string): Promise<Found | undefined> },
): Promise<{ readonly id: string; readonly earlier: Found | undefined }> {
  const id = requestedId(kind, workspaceId, idempotencyKey, request);
  // A new identifier is nobody's: there is nothing to look for.
  return { id, earlier: idempotencyKey === undefined ? undefined : await records.find(workspaceId, id) };
}

/** A secret for a cookie: 256 random bits. Only its hash is stored. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What a workspace's id looks like. It names folders. */
export const workspaceIdPattern = /^w_[\w-]{1,32}$/;
