import { createHmac } from 'node:crypto';
import { InputError } from '#core/errors.ts';
import type { BatchService } from '../batches/batch-service.ts';
import type { Config } from '../config.ts';
import type { DeliveryError, WebhookDeliveryRow } from '../data/schema.ts';
import type { WebhookRepository } from '../data/webhooks.ts';
import type { Batch, Job, WebhookDelivery } from '../http/api-types.ts';
import { newToken } from '../ids.ts';
import type { JobService } from '../jobs/job-service.ts';
import type { JobQueue } from '../jobs/queue.ts';
import { defaultLanguage } from '../language.ts';
import type { Logger } from '../observe/log.ts';
import { version } from '../paths.ts';
import { post } from './post.ts';

export interface WebhookSenderParts {
  readonly webhooks: WebhookRepository;
  readonly jobs: JobService;
  readonly batches: BatchService;
  readonly queue: JobQueue;
  readonly config: Pick<Config, 'webhookSecret' | 'webhookPrivate'>;
  readonly log: Logger;
}

export interface WebhookSenderOptions {
  /** Pauses before the second attempt, the third and so on; after the last one the delivery is given up. */
  readonly retrySeconds?: readonly number[];
  /** How long a receiver may take. */
  readonly timeoutSeconds?: number;
}

/** Eight attempts in some twelve hours. */
const defaultRetrySeconds = [5, 30, 120, 600, 1800, 7200, 28_800];
const defaultTimeoutSeconds = 10;
/** Attempts at the same time, of one process. */
const mostAtOnce = 16;
/** Where more jobs have ended, looking at all that wait is quicker than looking at each. */
const mostEnded = 100;
/** How often the database is asked, should an end have been missed or another process have died over an attempt. */
const searchSeconds = 30;
/** How long it can be asked how a delivery went. */
const keptMilliseconds = 7 * 24 * 3600 * 1000;
const listLimit = 200;

/**
 * Tells other servers of the ends of jobs and batches. What is to be told stands in the database from the request on, so no end is
 * forgotten whoever dies; the queue's news only make it quick. Any number of processes send: each attempt is claimed first, for
 * longer than it can take. A receiver may be told twice, when a process dies between its answer and our noting it; the header
 * `X-Giong-Delivery` is the same then.
 */
export class WebhookSender {
  readonly #parts: WebhookSenderParts;
  readonly #retrySeconds: readonly number[];
  readonly #timeoutSeconds: number;
  readonly #stopping = new AbortController();
  readonly #attempts = new Set<Promise<void>>();
  /** Jobs that have ended since the last look. */
  #ended = new Set<string>();
  #unsubscribe: (() => void) | undefined;
  #wake: () => void = () => {};
  #loop: Promise<void> | undefined;

  constructor(parts: WebhookSenderParts, options: WebhookSenderOptions = {}) {
    this.#parts = parts;
    this.#retrySeconds = options.retrySeconds ?? defaultRetrySeconds;
    this.#timeoutSeconds = options.timeoutSeconds ?? defaultTimeoutSeconds;
  }

  start(): void {
    this.#unsubscribe = this.#parts.queue.subscribe(({ type, jobId }) => {
      if (type !== 'finished') return;
      this.#ended.add(jobId);
      this.#wake();
    });
    this.#loop = this.#run();
  }

  /** Begins no more attempts and breaks off those that run; they are made again later. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#stopping.abort();
    this.#wake();
    await this.#loop;
    await Promise.all(this.#attempts);
  }

  /** What the workspace's deliveries are signed with; undefined when it is the operator's secret, which only they tell. */
  async secretOf(workspaceId: string): Promise<string | undefined> {
    const { webhooks, config } = this.#parts;
    return config.webhookSecret === undefined ? webhooks.secretOf(workspaceId, newToken()) : undefined;
  }

  /** How the workspace's deliveries stand, newest first. */
  async list(workspaceId: string): Promise<WebhookDelivery[]> {
    return (await this.#parts.webhooks.list(workspaceId, listLimit)).map(view);
  }

  async #run(): Promise<void> {
    const { webhooks, log } = this.#parts;
    let searchedAt = Number.NEGATIVE_INFINITY;
    while (!this.#stopping.signal.aborted) {
      // What wakes us while we look is not lost.
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      let pause = searchSeconds * 1000;
      try {
        const isSearch = Date.now() - searchedAt >= pause || this.#ended.size > mostEnded;
        await this.#markEnded(isSearch);
        if (isSearch) searchedAt = Date.now();
        await this.#beginDue();
        const next = await webhooks.nextDue();
        if (next && this.#attempts.size < mostAtOnce) pause = Math.min(pause, Math.max(0, next.getTime() - Date.now()));
      } catch (error) {
        log.error({ err: error }, 'webhooks could not be looked for');
      }
      const timer = setTimeout(() => this.#wake(), pause);
      await woken;
      clearTimeout(timer);
    }
  }

  async #markEnded(isSearch: boolean): Promise<void> {
    const ended = this.#ended;
    this.#ended = new Set();
    const now = new Date();
    if (isSearch) {
      await this.#parts.webhooks.forget(new Date(now.getTime() - keptMilliseconds));
      return this.#parts.webhooks.markEnded(now);
    }
    for (const jobId of ended) await this.#parts.webhooks.markEnded(now, jobId);
  }

  async #beginDue(): Promise<void> {
    const { webhooks } = this.#parts;
    for (const delivery of await webhooks.due(new Date(), mostAtOnce - this.#attempts.size)) {
      if (this.#stopping.signal.aborted) return;
      const claimedUntil = new Date(Date.now() + 2000 * this.#timeoutSeconds);
      if (!(await webhooks.claim(delivery, claimedUntil))) continue;
      const attempt = this.#attempt(delivery)
        .catch((error: unknown) => this.#parts.log.error({ err: error }, 'a webhook could not be settled'))
        .finally(() => {
          this.#attempts.delete(attempt);
          this.#wake();
        });
      this.#attempts.add(attempt);
    }
  }

  async #attempt(delivery: WebhookDeliveryRow): Promise<void> {
    const { webhooks, log } = this.#parts;
    const about = { deliveryId: delivery.id, subjectId: delivery.subject_id, attempt: delivery.attempts + 1 };
    const { status, failure } = await this.#send(delivery).then(
      (answered) => ({ status: answered, failure: failureOf(answered) }),
      (error: unknown) => ({ status: null, failure: error }),
    );
    if (failure === undefined) {
      await webhooks.settle(delivery.id, 'delivered', new Date(), { status, error: null });
      log.info({ ...about, status }, 'webhook delivered');
      return;
    }
    const attempted = { status, error: status === null ? reasonOf(failure) : null };
    const pauseSeconds = this.#retrySeconds[delivery.attempts];
    // What does not exist any more, or may not be reached, stays so.
    if (failure instanceof InputError || pauseSeconds === undefined) {
      await webhooks.settle(delivery.id, 'given-up', new Date(), attempted);
      log.warn({ err: failure, ...about }, 'webhook given up');
      return;
    }
    await webhooks.postpone(delivery.id, new Date(Date.now() + 1000 * pauseSeconds), attempted);
    log.info({ err: failure, ...about }, 'webhook failed');
  }

  async #send(delivery: WebhookDeliveryRow): Promise<number> {
    const { config, webhooks } = this.#parts;
    const subject = await this.#subjectOf(delivery);
    const body = JSON.stringify(subject);
    const secret = config.webhookSecret ?? (await webhooks.secretOf(delivery.workspace_id, newToken()));
    return post({
      url: delivery.url,
      body,
      headers: {
        'User-Agent': `Giong/${version}`,
        'X-Giong-Event': `${delivery.subject}.${subject.status}`,
        'X-Giong-Delivery': delivery.id,
        'X-Giong-Signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
      },
      allowPrivate: config.webhookPrivate,
      signal: AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(1000 * this.#timeoutSeconds)]),
    });
  }

  async #subjectOf({ subject, subject_id, workspace_id, language }: WebhookDeliveryRow): Promise<Job | Batch> {
    const service = subject === 'job' ? this.#parts.jobs : this.#parts.batches;
    return service.get(workspace_id, subject_id, language ?? defaultLanguage);
  }
}

function view(row: WebhookDeliveryRow): WebhookDelivery {
  const { id, subject, url, attempts, outcome } = row;
  return {
    ...{ id, subject, subjectId: row.subject_id, url, attempts },
    status: outcome ?? (row.due_at === null ? 'waiting' : 'due'),
    lastStatus: row.last_status,
    lastError: row.last_error,
    nextAttemptAt: row.due_at,
    createdAt: row.created_at,
    settledAt: row.settled_at,
  };
}

/** Undefined for an answer that takes the news. */
function failureOf(status: number): Error | undefined {
  return status >= 200 && status < 300 ? undefined : new Error(`the receiver answered ${status}`);
}

/** Why there was no answer, as far as it is the user's to know. */
function reasonOf(failure: unknown): DeliveryError {
  if (failure instanceof InputError) return failure.code === 'webhook-refused' ? 'webhook-refused' : 'not-found';
  return failure instanceof Error && failure.name === 'TimeoutError' ? 'timeout' : 'unreachable';
}
