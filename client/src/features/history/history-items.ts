import type { Job, JobStatus } from '#server/http/api-types.ts';
import type { LocalEntry } from '../../kernel/stored/local-history.ts';
import type { OutboxEntry } from '../../kernel/stored/outbox-store.ts';

/** One line of the history, wherever it comes from. */
export interface HistoryItem {
  /** Unique among all lines. */
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly place: 'server' | 'browser';
  readonly status: JobStatus | 'waiting';
  readonly sourceName: string;
  readonly voiceName: string;
  /** Length of source or result in seconds, where it is known. */
  readonly seconds: number | undefined;
  readonly origin:
    | { readonly kind: 'job'; readonly job: Job }
    | { readonly kind: 'local'; readonly entry: LocalEntry }
    | { readonly kind: 'outbox'; readonly entry: OutboxEntry };
}

export interface HistoryFilter {
  readonly status: 'all' | 'unfinished' | 'done' | 'stopped';
  readonly place: 'all' | HistoryItem['place'];
  readonly text: string;
}

export const noFilter: HistoryFilter = { status: 'all', place: 'all', text: '' };

/** Everything there is in one list, newest first. */
export function mergeHistory(
  jobs: Iterable<Job>,
  local: readonly LocalEntry[],
  outbox: readonly OutboxEntry[],
): HistoryItem[] {
  const items: HistoryItem[] = [
    ...[...jobs].map(ofJob),
    ...local.map(
      (entry): HistoryItem => ({ ...entry, place: 'browser', status: 'done', origin: { kind: 'local', entry } }),
    ),
    ...outbox.map(
      (entry): HistoryItem => ({
        ...entry,
        place: 'server',
        status: 'waiting',
        seconds: undefined,
        origin: { kind: 'outbox', entry },
      }),
    ),
  ];
  return items.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

function ofJob(job: Job): HistoryItem {
  return {
    id: job.id,
    createdAt: job.createdAt,
    place: 'server',
    status: job.status,
    sourceName: job.source.name,
    voiceName: job.voice.name,
    seconds: job.result?.seconds ?? job.source.seconds,
    origin: { kind: 'job', job },
  };
}

const statusGroups: Readonly<Record<Exclude<HistoryFilter['status'], 'all'>, readonly HistoryItem['status'][]>> = {
  unfinished: ['waiting', 'queued', 'active'],
  done: ['done'],
  stopped: ['failed', 'cancelled'],
};

export function isUnfinished({ status }: Pick<HistoryItem, 'status'>): boolean {
  return statusGroups.unfinished.includes(status);
}

export function matches(item: HistoryItem, { status, place, text }: HistoryFilter): boolean {
  if (status !== 'all' && !statusGroups[status].includes(item.status)) return false;
  if (place !== 'all' && item.place !== place) return false;
  return plain(`${item.sourceName} ${item.voiceName}`).includes(plain(text.trim()));
}

/** Without marks and capitals, so that "cau" finds "Câu". */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replaceAll('đ', 'd');
}
