import { z } from 'zod';
import { problemSchema } from './schemas.ts';

/** An answer with a JSON body, for a route's description. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** A file within a form, or an answer that is one. */
export const binaryField = z.string().meta({ format: 'binary' });

/** The failures that a route can answer with, by status. */
export function problems<const Status extends number>(...statuses: readonly Status[]) {
  const answer = { description: 'What went wrong', content: { 'application/problem+json': { schema: problemSchema } } };
  return Object.fromEntries(statuses.map((status) => [status, answer])) as Record<Status, typeof answer>;
}

/** An answer that is a file; parts of it by `Range`. */
export const audioFile = {
  200: { description: 'The file', content: { 'audio/*': { schema: { type: 'string' as const, format: 'binary' } } } },
  206: {
    description: 'The part asked for',
    content: { 'audio/*': { schema: { type: 'string' as const, format: 'binary' } } },
  },
  304: { description: 'Unchanged' },
  416: { description: 'The part does not exist' },
};
