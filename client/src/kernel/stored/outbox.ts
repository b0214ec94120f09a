import { GiongError, UnavailableError } from '#core/errors.ts';
import { ServerWording } from '../api-errors.ts';
import type { ApiTransport } from '../api-transport.ts';
import { backoffMilliseconds } from '../backoff.ts';
import type { ConversionOrder } from '../conversion-order.ts';
import { importVoice } from '../import-voice.ts';
import { blobOf } from '../recording.ts';
import { type OutboxEntry, type OutboxStore, orderOf } from './outbox-store.ts';

export interface OutboxDependencies {
  readonly store: OutboxStore;
  readonly transport: Pick<ApiTransport, 'send' | 'get'>;
  /** Runs the work once at a time among all tabs of the browser. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
  /** Calls `action` after a time; the answer takes it back. */
  readonly after: (milliseconds: number, action: () => void) => () => void;
  /** A number in 0..1. */
  readonly random: () => number;
}

/** Sends what waits for the server, oldest first, and tries again until nothing waits. */
export interface Outbox {
  /** Sends now: something was put in, or the network is back. */
  send(): void;
}

export function createOutbox({ store, transport, alone, after, random }: OutboxDependencies): Outbox {
  let attempt = 0;
  let takeBackRetry: (() => void) | undefined;
  let isSending = false;
  let isAskedAgain = false;

  async function sendAll(): Promise<void> {
    const waiting = (await store.list()).filter(({ refusal }) => !refusal);
    if (waiting.length === 0) return;
    // Sets the cookie where there is none yet: the results must belong to somebody.
    await transport.get('/api/session');
    for (const entry of waiting) {
      try {
        await sendOne(entry, transport);
        await store.remove(entry.id);
      } catch (error) {
        if (!isFinal(error)) throw error;
        const { cause } = error;
        await store.refuse(
          entry.id,
          cause instanceof ServerWording
            ? { title: cause.title, advice: cause.advice }
            : { title: error.code, advice: '' },
        );
      }
    }
  }

  function send(): void {
    takeBackRetry?.();
    takeBackRetry = undefined;
    // What was put in meanwhile may have been missed.
    isAskedAgain = isSending;
    if (isSending) return;
    isSending = true;
    void alone(sendAll)
      .then(
        () => {
          attempt = 0;
        },
        () => {
          takeBackRetry = after(backoffMilliseconds(attempt, random()), send);
          attempt += 1;
        },
      )
      .finally(() => {
        isSending = false;
        if (isAskedAgain) send();
      });
  }

  return { send };
}

/** Whether sending it again would meet the same refusal. */
function isFinal(error: unknown): error is GiongError {
  return error instanceof GiongError && !(error instanceof UnavailableError);
}

/** One request with everything in it: with its key it may be repeated whole, whatever became of the earlier ones. */
async function sendOne(entry: OutboxEntry, { send }: Pick<ApiTransport, 'send'>): Promise<void> {
  const order = orderOf(entry);
  // A sample that newer versions of the app come without can't be converted any more.
  if (!order) return;
  await send('/api/convert', {
    method: 'POST',
    headers: { 'Idempotency-Key': entry.id },
    body: await formOf(await withServerVoice(order, send)),
  });
}

/** A voice that only this device has goes to the server first. */
async function withServerVoice(order: ConversionOrder, send: ApiTransport['send']): Promise<ConversionOrder> {
  const { voice } = order;
  if (voice.kind !== 'voice' || voice.serverId !== undefined) return order;
  const { id } = await importVoice({ send }, voice.profile, voice.name, { listed: false });
  return { ...order, voice: { ...voice, serverId: id } };
}

async function formOf({ source, voice, settings }: ConversionOrder): Promise<FormData> {
  const form = new FormData();
  for (const [name, value] of Object.entries(settings)) form.append(name, String(value));
  if (source.kind === 'sample') form.append('source', source.sample.id);
  else form.append('source', await blobOf(source), source.name);
  if (voice.kind === 'sample') form.append('voice', voice.sample.id);
  else if (voice.kind === 'voice') form.append('voice', voice.serverId ?? '');
  else form.append('reference', await blobOf(voice), voice.name);
  return form;
}
