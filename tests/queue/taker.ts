/**
 * A worker host without workers: takes jobs from the queue, each held for `WORK_MILLISECONDS` (for ever when that is not set),
 * and tells of it in lines of JSON. Ends by SIGTERM, its jobs handed back.
 */

import { BullQueue } from '#server/jobs/bull-queue.ts';
import { createLogger } from '#server/observe/log.ts';
import { pauseFor } from '#server/redis/outage.ts';
import { parseRedisSettings } from '#server/redis/settings.ts';
import type { TakerWord } from './taker-process.ts';

const settings = parseRedisSettings(process.env);
if (!settings) throw new Error('no Redis configured');
const { QUEUE_NAME = 'jobs', LOCK_SECONDS = '10', TAKERS = '1', WORK_MILLISECONDS } = process.env;
const say = (word: TakerWord) => process.stdout.write(`${JSON.stringify(word)}\n`);

const queue = await BullQueue.open(settings, {
  log: createLogger('silent'),
  name: QUEUE_NAME,
  lockSeconds: Number(LOCK_SECONDS),
});
const stopping = new AbortController();
process.on('SIGTERM', () => stopping.abort());
const running = new Map<string, AbortController>();
queue.subscribe(({ type, jobId }) => {
  if (type !== 'cancel') return;
  say({ type: 'cancelled', jobId });
  running.get(jobId)?.abort();
});
say({ type: 'ready' });

async function work(): Promise<void> {
  for (;;) {
    const job = await queue.take(stopping.signal);
    if (!job) return;
    const { jobId, attempt } = job;
    say({ type: 'took', jobId, attempt });
    const cancelling = new AbortController();
    running.set(jobId, cancelling);
    const stop = AbortSignal.any([stopping.signal, cancelling.signal]);
    await pauseFor(WORK_MILLISECONDS ? Number(WORK_MILLISECONDS) : 2 ** 31 - 1, stop);
    if (running.get(jobId) === cancelling) running.delete(jobId);
    if (stop.aborted) {
      await queue.handBack(jobId, false);
    } else {
      say({ type: 'ended', jobId });
      await queue.finish(jobId);
    }
  }
}

await Promise.all(Array.from({ length: Number(TAKERS) }, work));
await queue.close();
