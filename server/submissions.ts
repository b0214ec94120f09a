import { BatchService } from './batches/batch-service.ts';
import { BatchRepository } from './data/batches.ts';
import { ResumableUploadRepository } from './data/resumable-uploads.ts';
import { WebhookRepository } from './data/webhooks.ts';
import type { Foundation } from './foundation.ts';
import { ResumableUploads } from './uploads/resumable-uploads.ts';
import type { UploadService } from './uploads.ts';
import { WebhookSender } from './webhooks/webhook-sender.ts';

/** What users can ask for beyond single uploads and jobs. */
export interface Submissions {
  readonly batches: BatchService;
  readonly webhooks: WebhookSender;
  readonly resumable: ResumableUploads;
  stop(): Promise<void>;
}

/** Begins to send webhooks and to remove uploads that nobody finishes. */
export function openSubmissions(foundation: Foundation, uploads: UploadService): Submissions {
  const { database, files, config, log } = foundation;
  const batches = new BatchService({ ...foundation, batches: new BatchRepository(database) });
  const webhooks = new WebhookSender({ ...foundation, batches, webhooks: new WebhookRepository(database) });
  const records = new ResumableUploadRepository(database);
  const resumable = new ResumableUploads({ records, files, uploads, maxUploadBytes: config.maxUploadBytes, log });
  webhooks.start();
  resumable.start();
  return {
    batches,
    webhooks,
    resumable,
    async stop() {
      resumable.stop();
      await webhooks.stop();
    },
  };
}
