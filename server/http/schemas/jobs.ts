import { z } from '@hono/zod-openapi';

const mostJobs = 200;

/** Which part of a long list is asked for. */
export const jobPageSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(mostJobs).default(mostJobs).meta({ description: 'How many at most' }),
  before: z.string().optional().meta({ description: 'Only jobs older than this one, the `next` of the page before' }),
});

export type JobPage = z.infer<typeof jobPageSchema>;
