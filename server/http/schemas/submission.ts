import { z } from '@hono/zod-openapi';
import { priorities } from '../../jobs/queue.ts';

const longestUrl = 2048;

const webhookSchema = z
  .url({ protocol: /^https?$/ })
  .max(longestUrl)
  .optional()
  .meta({ description: 'Is sent the outcome by POST, signed: see GET /api/webhooks/secret' });

/** What a request for conversions says besides what is to be converted and how. */
export const submissionFields = {
  priority: z
    .enum(priorities)
    .optional()
    .meta({ description: "At most what the visitor's key gives; left out: just that, `normal` for a session" }),
  webhook: webhookSchema,
};
