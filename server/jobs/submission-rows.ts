import type { BatchRow, NewJobRow, WebhookDeliveryRow } from '../data/schema.ts';
import { newId } from '../ids.ts';
import type { Language } from '../language.ts';

/** What jobs that are asked for together are called, and who hears of their end. */
export interface BatchRequest {
  readonly id: string;
  /** The voice's when left out. */
  readonly name?: string | undefined;
  readonly webhook?: string | undefined;
}

/** The batch that a submission makes, whose first job is `first`. */
export function batchRowOf({ id, name }: BatchRequest, first: NewJobRow): BatchRow {
  const { workspace_id, voice_id, voice_name, created_at } = first;
  return { id, workspace_id, name: name ?? voice_name, voice_id, voice_name, created_at };
}

/** The webhook's delivery that waits for the end of a job or batch, in the language of who asked; none without a URL. */
export function deliveryOf(
  subject: WebhookDeliveryRow['subject'],
  subjectId: string,
  workspaceId: string,
  url: string | undefined,
  language: Language,
): WebhookDeliveryRow[] {
  if (url === undefined) return [];
  return [
    {
      id: newId('webhook'),
      workspace_id: workspaceId,
      subject,
      subject_id: subjectId,
      url,
      language,
      attempts: 0,
      due_at: null,
      last_status: null,
      last_error: null,
      outcome: null,
      settled_at: null,
      created_at: new Date().toISOString(),
    },
  ];
}
