import type { z } from 'zod';
import { systemStatsSchema } from '../http/schemas/system.ts';
import { queueStatusSchema, readinessSchema } from '../http/schemas.ts';

/** What a server told of itself at one moment. */
export interface Snapshot {
  readonly at: Date;
  readonly stats: z.infer<typeof systemStatsSchema>;
  readonly queue: z.infer<typeof queueStatusSchema>;
  readonly ready: z.infer<typeof readinessSchema>;
}

const patienceMilliseconds = 5000;

/** Asks the server of `url`. Throws an `Error` with a word on why when it does not answer as it should. */
export async function takeSnapshot(url: URL, key: string | undefined, stop: AbortSignal): Promise<Snapshot> {
  const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  const ask = async <Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> => {
    const signal = AbortSignal.any([stop, AbortSignal.timeout(patienceMilliseconds)]);
    const response = await fetch(new URL(path, url), { headers, signal });
    const answer = schema.safeParse(await response.json().catch(() => undefined));
    if (!answer.success) throw new Error(`${path}: HTTP ${response.status}`);
    return answer.data;
  };
  const [stats, queue, ready] = await Promise.all([
    ask('/api/system/stats', systemStatsSchema),
    ask('/api/queue/status', queueStatusSchema),
    ask('/ready', readinessSchema),
  ]);
  return { at: new Date(), stats, queue, ready };
}
