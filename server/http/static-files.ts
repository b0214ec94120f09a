import { stat } from 'node:fs/promises';
import { join, normalize, sep } from 'node:path';
import type { Context } from 'hono';
import { sendFile } from './send-file.ts';

/** A day's visitors keep it without asking again; its name changes with its content. */
const immutable = 'public, max-age=31536000, immutable';
/** Kept, but never used without asking whether it is still the same. */
const revalidate = 'no-cache';

/** Copies that the build puts beside a file: how the content is coded, best first, and what the copy's name ends in. */
const compressedCopies = [
  { coding: 'br', extension: '.br' },
  { coding: 'gzip', extension: '.gz' },
] as const;

/**
 * Answers with the file that a URL's path names below a folder; undefined when there is none. Names below `assets/` carry a hash of
 * their content. A compressed copy beside the file is sent in its place where the caller accepts it and asks for no range.
 */
export async function sendStaticFile(c: Context, folder: string, urlPath: string): Promise<Response | undefined> {
  const path = resolveBelow(folder, urlPath);
  const info = path === undefined ? undefined : await fileInfo(path);
  if (path === undefined || info === undefined) return undefined;
  const copy =
    c.req.header('Range') === undefined ? await acceptedCopy(c.req.header('Accept-Encoding'), path) : undefined;
  const version = `${info.size.toString(36)}-${Math.floor(info.mtimeMs).toString(36)}`;
  const response = await sendFile(c, {
    body: Bun.file(copy?.path ?? path),
    type: Bun.file(path).type,
    etag: `W/"${copy ? `${version}-${copy.coding}` : version}"`,
    cacheControl: urlPath.includes('/assets/') ? immutable : revalidate,
  });
  response.headers.set('Vary', 'Accept-Encoding');
  if (copy) {
    response.headers.set('Content-Encoding', copy.coding);
    // A range of a copy would be of no use to anyone.
    response.headers.delete('Accept-Ranges');
  }
  return response;
}

/** The best compressed copy of a file that a caller accepts; undefined when there is none. */
async function acceptedCopy(acceptEncoding: string | undefined, path: string) {
  for (const { coding, extension } of compressedCopies) {
    if (accepts(acceptEncoding, coding) && (await fileInfo(path + extension)))
      return { coding, path: path + extension };
  }
  return undefined;
}

/** Whether an `Accept-Encoding` header (RFC 9110, 12.5.3) lets content be coded so. A coding's own weight counts before that of `*`. */
export function accepts(header: string | undefined, coding: string): boolean {
  const weights = new Map<string, number>();
  for (const entry of header?.toLowerCase().split(',') ?? []) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice('q='.length);
    weights.set(name, weight === undefined ? 1 : Number(weight));
  }
  return (weights.get(coding) ?? weights.get('*') ?? 0) > 0;
}

async function fileInfo(path: string) {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() ? info : undefined;
}

/** The file's path; undefined when the URL can't be decoded or leads out of the folder. */
export function resolveBelow(folder: string, urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (decoded.includes('\0') || decoded.includes('\\')) return undefined;
  const path = normalize(join(folder, decoded));
  return path.startsWith(folder + sep) ? path : undefined;
}
