import type { Context } from 'hono';
import type { FileContent } from '../files/store.ts';

export interface FileToSend {
  readonly body: FileContent;
  readonly type: string;
  /** Changes whenever the content does, quoted as RFC 9110 wants: `"…"`, or `W/"…"` when only roughly. */
  readonly etag: string;
  readonly cacheControl: string;
  /** When given, the browser offers to save the file under this name. */
  readonly downloadName?: string;
}

/** Answers with a file: whole, the part that `Range` asks for, or 304 when the caller has it already. */
export async function sendFile(
  c: Context,
  { body, type, etag, cacheControl, downloadName }: FileToSend,
): Promise<Response> {
  const headers = new Headers({
    'Content-Type': type,
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControl,
    ETag: etag,
    ...(downloadName !== undefined && { 'Content-Disposition': contentDisposition(downloadName) }),
  });
  if (matches(c.req.header('If-None-Match'), etag)) return new Response(null, { status: 304, headers });

  const range = conditionHolds(c.req.header('If-Range'), etag)
    ? parseRange(c.req.header('Range'), body.size)
    : undefined;
  if (range === 'unsatisfiable') {
    headers.set('Content-Range', `bytes */${body.size}`);
    headers.delete('Content-Disposition');
    return new Response(null, { status: 416, headers });
  }
  if (range) {
    headers.set('Content-Range', `bytes ${range.start}-${range.end}/${body.size}`);
    headers.set('Content-Length', String(range.end - range.start + 1));
    return new Response(await bodyOf(c, body.slice(range.start, range.end + 1)), { status: 206, headers });
  }
  headers.set('Content-Length', String(body.size));
  return new Response(await bodyOf(c, body), { headers });
}

/** Content of another machine up to this size is read before it is sent. */
const readWholeBytes = 2 ** 20;

/**
 * A file of this machine goes out as such: Bun then sends it without reading it. Content of another machine goes through as a
 * stream, from which Bun takes its `Content-Length`; so short content, such as a player's first look at a file, doesn't.
 */
async function bodyOf(c: Context, content: FileContent): Promise<Bun.BodyInit | null> {
  if (content instanceof Blob) return content;
  if (c.req.method === 'HEAD') return null;
  return content.size <= readWholeBytes ? content.bytes() : content.stream();
}

/**
 * The one range that a `Range` header asks for (RFC 9110, 14.1.2), both ends included. Undefined, which means the whole file,
 * for no header, another unit, several ranges or nonsense.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length > 0 ? { start: size - length, end: size - 1 } : 'unsatisfiable';
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  return start < size ? { start, end } : 'unsatisfiable';
}

/** `attachment` with the name in ASCII for old clients and in UTF-8 for the others (RFC 6266, RFC 8187). */
export function contentDisposition(name: string): string {
  const ascii = name
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const strip = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => strip(tag) === strip(etag));
}

/** Without `If-Range`, or with the very tag of this content, a range may be served; a weak tag never matches. */
function conditionHolds(header: string | undefined, etag: string): boolean {
  return header === undefined || (header === etag && !etag.startsWith('W/'));
}
