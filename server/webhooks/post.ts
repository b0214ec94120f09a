import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { InputError } from '#core/errors.ts';
import { bareHost, isPublicAddress, publicOnly } from './address.ts';

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Whether this machine and private networks may be reached. */
  readonly allowPrivate: boolean;
  readonly signal: AbortSignal;
}

/**
 * Sends the body and answers with the status; what else the receiver says is not read, and no redirect is followed. Throws
 * `InputError('webhook-refused')` for an address that may not be reached, and what the network throws.
 */
export async function post({ url, headers, body, allowPrivate, signal }: Post): Promise<number> {
  const target = new URL(url);
  const host = bareHost(target.hostname);
  // A name is resolved while connecting; an address in the URL never is.
  if (!allowPrivate && isIP(host) && !isPublicAddress(host)) throw new InputError('webhook-refused', { host });
  const send = target.protocol === 'https:' ? secureRequest : plainRequest;
  const content = new TextEncoder().encode(body);
  return new Promise((resolve, reject) => {
    const request = send(
      target,
      {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': String(content.byteLength) },
        // A kept connection would lead where the name led before.
        agent: false,
        signal,
        ...(!allowPrivate && { lookup: publicOnly }),
      },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    request.on('error', reject);
    request.end(content);
  });
}
