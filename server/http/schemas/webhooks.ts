import { z } from '@hono/zod-openapi';

const time = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });

export const webhookSecretSchema = z
  .object({ secret: z.string().meta({ description: 'Key of the HMAC-SHA256 in X-Giong-Signature, over the body' }) })
  .meta({ id: 'WebhookSecret' });

const deliverySchema = z
  .object({
    id: z.string().meta({ description: 'What the receiver sees as X-Giong-Delivery' }),
    subject: z.enum(['job', 'batch']),
    subjectId: z.string(),
    url: z.string(),
    status: z.enum(['waiting', 'due', 'delivered', 'given-up']).meta({
      description: '`waiting`: its job or batch has not ended; `due`: it is tried now, or again at `nextAttemptAt`',
    }),
    attempts: z.int().nonnegative(),
    lastStatus: z.int().nullable().meta({ description: 'What the receiver answered the last time' }),
    lastError: z.enum(['timeout', 'unreachable', 'webhook-refused', 'not-found']).nullable().meta({
      description:
        'Why there was no answer; `webhook-refused`: the address is not one of the public internet; `not-found`: the job was deleted',
    }),
    nextAttemptAt: time.nullable(),
    createdAt: time,
    settledAt: time.nullable().meta({ description: 'When it was delivered or given up; a week later it is forgotten' }),
  })
  .meta({ id: 'WebhookDelivery' });

export const deliveryListSchema = z.object({ deliveries: z.array(deliverySchema) }).meta({ id: 'WebhookDeliveryList' });
