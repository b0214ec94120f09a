import type { Language } from '../language.ts';

export interface CapacityStep {
  readonly workers: number;
  readonly jobs: number;
  /** Length of each recording. */
  readonly clipSeconds: number;
  readonly jobsPerMinute: number;
  /** Seconds that one worker takes for a second of audio. */
  readonly realTimeFactor: number;
  /** What the process held at the end. */
  readonly memoryBytes: number;
}

export interface Capacity {
  readonly cores: number;
  readonly steps: readonly CapacityStep[];
  readonly best: CapacityStep;
  readonly users: number;
}

/** What the deployment guide expects of a machine. */
const guide = [
  { cores: 4, jobsPerMinute: 10, users: 20 },
  { cores: 8, jobsPerMinute: 25, users: 50 },
  { cores: 16, jobsPerMinute: 50, users: 100 },
  { cores: 32, jobsPerMinute: 100, users: 200 },
];
/** The guide's tables come to one conversion of each user in two minutes. */
const usersPerJobPerMinute = 2;

export function usersOf(jobsPerMinute: number): number {
  return Math.floor(jobsPerMinute * usersPerJobPerMinute);
}

const words = {
  vi: {
    head: ['luồng', 'tác vụ/phút', 'RTF', 'bộ nhớ'],
    guide: ['theo hướng dẫn', 'tác vụ/phút', 'người dùng'],
    cores: (count: number) => `${count} nhân`,
    clip: (seconds: string) =>
      `Mỗi tác vụ là một đoạn dài ${seconds} giây. RTF: số giây một luồng cần cho một giây âm thanh.`,
    here: (users: number, cores: number) =>
      `Máy này (${cores} nhân) phục vụ được khoảng ${users} người dùng cùng lúc, mỗi người hai phút chuyển một đoạn.`,
    settings: 'Cấu hình',
  },
  en: {
    head: ['workers', 'jobs/min', 'RTF', 'memory'],
    guide: ['by the guide', 'jobs/min', 'users'],
    cores: (count: number) => `${count} cores`,
    clip: (seconds: string) =>
      `Each job is a clip of ${seconds} seconds. RTF: seconds that a worker takes for a second of audio.`,
    here: (users: number, cores: number) =>
      `This machine (${cores} cores) holds some ${users} users at once, each converting a clip every two minutes.`,
    settings: 'Settings',
  },
} as const;

/** The outcome in words, beside what the guide says. */
export function describeCapacity({ cores, steps, best, users }: Capacity, language: Language): string[] {
  const text = words[language];
  const memory = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  return [
    columns(text.head),
    ...steps.map(({ workers, jobsPerMinute, realTimeFactor, memoryBytes }) =>
      columns([String(workers), jobsPerMinute.toFixed(1), realTimeFactor.toFixed(3), memory(memoryBytes)]),
    ),
    text.clip(best.clipSeconds.toFixed(1)),
    '',
    columns(text.guide),
    ...guide.map((row) => columns([text.cores(row.cores), String(row.jobsPerMinute), String(row.users)])),
    '',
    text.here(users, cores),
    `${text.settings}: GIONG_WORKERS=${best.workers} GIONG_PROCESS_MEMORY=${Math.ceil((2 * best.memoryBytes) / 2 ** 30)}G`,
  ];
}

function columns(cells: readonly string[]): string {
  const [first = '', ...rest] = cells;
  return first.padEnd(16) + rest.map((cell) => cell.padStart(14)).join('');
}
