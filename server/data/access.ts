import { ApiKeyRepository } from './api-keys.ts';
import type { Database } from './database.ts';
import { IdempotencyRepository } from './idempotency.ts';
import { SessionRepository } from './sessions.ts';

/** What is known of those who ask, and of what they asked before. */
export interface Access {
  readonly sessions: SessionRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly idempotency: IdempotencyRepository;
}

export function openAccess(database: Database): Access {
  return {
    sessions: new SessionRepository(database),
    apiKeys: new ApiKeyRepository(database),
    idempotency: new IdempotencyRepository(database),
  };
}
