import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { GiongError, InputError } from '#core/errors.ts';

export interface FormRules<Stored> {
  /** The fields that hold files, and how many each may hold. */
  readonly fileFields: Readonly<Record<string, number>>;
  readonly maxFileBytes: number;
  /** Takes in a file while it arrives. What it throws, the whole form throws. */
  readonly storeFile: (content: AsyncIterable<Uint8Array>, fileName: string, field: string) => Promise<Stored>;
}

export interface ReceivedForm<Stored> {
  readonly fields: Readonly<Record<string, string>>;
  /** Of each field that came, in the order in which they came. */
  readonly files: Readonly<Record<string, readonly Stored[]>>;
}

interface ArrivingFile<Stored> {
  readonly field: string;
  readonly stored: Promise<Stored>;
}

const textLimits = { fields: 32, fieldNameSize: 64, fieldSize: 4096, headerSize: 8192 };

/**
 * Reads a multipart form as it arrives, so that no file is ever whole in memory. When it fails, files that were already stored are
 * handed to `discard`. Throws `InputError('request-invalid' | 'audio-too-large')`.
 */
export async function receiveForm<Stored>(
  request: Pick<Request, 'headers' | 'body'>,
  { fileFields, maxFileBytes, storeFile }: FormRules<Stored>,
  discard: (stored: Stored) => Promise<void>,
): Promise<ReceivedForm<Stored>> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!contentType.toLowerCase().startsWith('multipart/form-data') || !request.body) {
    throw new InputError('request-invalid');
  }
  const fields: Record<string, string> = {};
  const files: ArrivingFile<Stored>[] = [];
  const arriving = new Set<BusboyFileStream>();

  const parser = openParser(contentType, { ...textLimits, fileSize: maxFileBytes, files: allowedFiles(fileFields) });
  let failure: unknown;
  const giveUp = () => void parser.destroy(new Error('the form is given up'));
  /** The first failure is the one to tell; the rest of the form isn't waited for. */
  const fail = (error: unknown) => {
    failure ??= error;
    giveUp();
  };
  const refuse = (cause?: unknown) => fail(new InputError('request-invalid', {}, { cause }));
  parser.on('filesLimit', refuse);
  parser.on('fieldsLimit', refuse);
  parser.on('field', (name, value, nameCut, valueCut) => {
    if (nameCut || valueCut || Object.hasOwn(fields, name)) refuse();
    else fields[name] = value;
  });
  parser.on('file', (field, stream, fileName) => {
    arriving.add(stream);
    // Its reader, if it has one, says why.
    stream.on('error', giveUp);
    const earlier = files.filter((file) => file.field === field).length;
    if (earlier >= allowedIn(fileFields, field)) return refuse();
    const stored = storeFile(limited(stream, maxFileBytes), cleanFileName(fileName), field);
    files.push({ field, stored });
    stored.catch(fail);
  });

  try {
    await pipeline(Readable.fromWeb(request.body), parser);
    return { fields, files: await settleAll(files) };
  } catch (error) {
    const reason = failure;
    for (const stream of arriving) stream.destroy(new Error('the form is given up'));
    // A file that is refused before its end breaks the form off, which may show here before the reason does.
    const refusal = await discardAll(files, discard);
    throw reason ?? refusal ?? new InputError('request-invalid', {}, { cause: error });
  }
}

function openParser(contentType: string, limits: Record<string, number>) {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits });
  } catch (cause) {
    throw new InputError('request-invalid', {}, { cause });
  }
}

/** The file's content; throws `InputError('audio-too-large')` where it goes beyond the limit. */
async function* limited(stream: BusboyFileStream, limit: number): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) yield chunk;
  if (stream.truncated) throw new InputError('audio-too-large', { limit });
}

async function settleAll<Stored>(files: readonly ArrivingFile<Stored>[]): Promise<Record<string, Stored[]>> {
  const settled = await Promise.all(files.map(async ({ field, stored }) => ({ field, stored: await stored })));
  const byField: Record<string, Stored[]> = {};
  for (const { field, stored } of settled) byField[field] = [...(byField[field] ?? []), stored];
  return byField;
}

function allowedIn(fileFields: FormRules<unknown>['fileFields'], field: string): number {
  return Object.hasOwn(fileFields, field) ? (fileFields[field] ?? 0) : 0;
}

/** How many files a form may hold at most. */
export function allowedFiles(fileFields: FormRules<unknown>['fileFields']): number {
  return Object.values(fileFields).reduce((total, count) => total + count, 0);
}

/** Waits for every file and discards those that were stored. Answers why one was refused, if one was. */
async function discardAll<Stored>(
  files: readonly ArrivingFile<Stored>[],
  discard: (stored: Stored) => Promise<void>,
): Promise<GiongError | undefined> {
  let refusal: GiongError | undefined;
  for (const outcome of await Promise.allSettled(files.map((file) => file.stored))) {
    if (outcome.status === 'fulfilled') await discard(outcome.value);
    else if (outcome.reason instanceof GiongError) refusal ??= outcome.reason;
  }
  return refusal;
}

const longestFileName = 200;

/** A name to show: without folders and control characters, not too long, never empty. */
export function cleanFileName(name: string | undefined): string {
  const base = (name ?? '').split(/[/\\]/).at(-1) ?? '';
  const clean = base.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '').trim();
  return [...clean].slice(0, longestFileName).join('') || 'audio';
}
