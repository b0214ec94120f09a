import { LeaseRepository } from '../data/leases.ts';
import { RetentionRepository } from '../data/retention.ts';
import type { SessionRepository } from '../data/sessions.ts';
import { WorkspaceRepository } from '../data/workspaces.ts';
import type { Foundation } from '../foundation.ts';
import type { LiveHub } from '../live/hub.ts';
import type { Metrics } from '../observe/metrics.ts';
import { Cleaner } from './cleaner.ts';
import { WorkspaceRemoval } from './workspace-removal.ts';
import { WorkspaceStorage } from './workspace-storage.ts';

/** What users see and remove of their storage, and the cleaner, which has begun. */
export function openStorage(foundation: Foundation, sessions: SessionRepository, metrics: Metrics) {
  const { database, files, log, usage } = foundation;
  const { quotaBytes, keepDays } = foundation.config;
  const retention = new RetentionRepository(database);
  const leases = new LeaseRepository(database);
  const cleaner = new Cleaner({ retention, sessions, leases, files, log, keepDays, metrics });
  cleaner.start();
  return { cleaner, storage: new WorkspaceStorage({ usage, retention, files, quotaBytes, keepDays }) };
}

/** How users delete all that they have. */
export function openRemoval(foundation: Foundation, hub: Pick<LiveHub, 'dismiss'>): WorkspaceRemoval {
  const { database, files, queue, jobRecords: jobs } = foundation;
  const dismiss = (workspaceId: string) => hub.dismiss(workspaceId);
  return new WorkspaceRemoval({ workspaces: new WorkspaceRepository(database), jobs, queue, files, dismiss });
}
