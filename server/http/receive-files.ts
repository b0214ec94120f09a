import { InputError } from '#core/errors.ts';
import type { AppContext } from './context.ts';
import { allowedFiles, type FormRules, type ReceivedForm, receiveForm } from './multipart.ts';

/** The most that Bun allows. */
export const longestSilenceSeconds = 255;

/** What a form adds around its files. */
const formOverheadBytes = 2 ** 16;

/** Reads the request's form as `receiveForm` does, for routes whose workers may look at what came for a while. */
export async function receiveFiles<Stored>(
  c: AppContext,
  rules: FormRules<Stored>,
  discard: (stored: Stored) => Promise<void>,
): Promise<ReceivedForm<Stored>> {
  refuseTooLarge(c, rules);
  // Nothing is sent while a worker looks at a long recording, which must not look like a dead connection.
  c.env.server.timeout(c.req.raw, longestSilenceSeconds);
  return receiveForm(c.var.bodyDigest?.watch(c.req.raw) ?? c.req.raw, rules, discard);
}

/** A body that says beforehand that it is too large need not arrive. */
function refuseTooLarge(c: AppContext, { maxFileBytes, fileFields }: FormRules<unknown>): void {
  const announced = Number(c.req.header('Content-Length') ?? 0);
  if (announced > maxFileBytes * allowedFiles(fileFields) + formOverheadBytes) {
    throw new InputError('audio-too-large', { limit: maxFileBytes });
  }
}
