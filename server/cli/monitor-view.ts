import type { Language } from '../language.ts';
import type { Snapshot } from './monitor-source.ts';

/** What of the view is words. */
const vietnamese = {
  ready: 'sẵn sàng',
  unready: 'CHƯA SẴN SÀNG',
  silent: 'KHÔNG TRẢ LỜI',
  shownAt: 'số liệu lúc',
  queue: 'Hàng đợi',
  waiting: 'chờ',
  active: 'chạy',
  audio: 'âm thanh',
  wait: 'đợi thêm',
  jobs: 'Tác vụ',
  perMinute: '/phút',
  done: 'xong',
  failed: 'lỗi',
  cancelled: 'hủy',
  workers: 'Luồng',
  busy: 'bận',
  replaced: 'thay',
  memory: 'Bộ nhớ',
  process: 'máy chủ',
  disk: 'Đĩa',
  read: 'đọc',
  written: 'ghi',
  network: 'Mạng',
  received: 'nhận',
  sent: 'gửi',
  cache: 'Bộ đệm',
  hits: 'trúng',
  checks: 'Kết nối',
  hosts: 'Máy',
  server: 'máy chủ',
  worker: 'xử lý',
};
type MonitorWords = Readonly<Record<keyof typeof vietnamese, string>>;

const english: MonitorWords = {
  ready: 'ready',
  unready: 'NOT READY',
  silent: 'NO ANSWER',
  shownAt: 'as of',
  queue: 'Queue',
  waiting: 'waiting',
  active: 'running',
  audio: 'of audio',
  wait: 'wait',
  jobs: 'Jobs',
  perMinute: '/min',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  workers: 'Workers',
  busy: 'busy',
  replaced: 'replaced',
  memory: 'Memory',
  process: 'server',
  disk: 'Disk',
  read: 'read',
  written: 'written',
  network: 'Network',
  received: 'in',
  sent: 'out',
  cache: 'Cache',
  hits: 'hits',
  checks: 'Reached',
  hosts: 'Hosts',
  server: 'server',
  worker: 'worker',
};

const words: Readonly<Record<Language, MonitorWords>> = { vi: vietnamese, en: english };

const width = 80;
const labelWidth = 10;
const coresPerLine = 3;
const shownHosts = 12;

/** The view as lines of at most 80 columns. With `silence` the server does not answer now, and the snapshot is its last word. */
export function renderMonitor(
  url: string,
  snapshot: Snapshot | undefined,
  silence: string | undefined,
  language: Language,
): string[] {
  const text = words[language];
  const state = silence === undefined ? (snapshot?.ready.status === 'ready' ? text.ready : text.unready) : text.silent;
  const lines = [spread(`Giọng ${snapshot?.stats.version ?? ''} · ${url}`, state)];
  if (silence !== undefined) lines.push(silence);
  if (snapshot) lines.push(...(silence === undefined ? [] : [`${text.shownAt} ${timeOf(snapshot.at)}`]));
  if (snapshot)
    lines.push(...renderLoad(snapshot, text), ...renderMachine(snapshot, text), ...renderHosts(snapshot, text));
  return lines.map((line) => [...line].slice(0, width).join('').trimEnd());
}

function renderLoad({ stats, queue, ready }: Snapshot, text: MonitorWords): string[] {
  const { fleet, jobs, replacedWorkers } = stats;
  const byPriority = Object.entries(queue.queuedByPriority)
    .map(([priority, count]) => `${priority} ${count}`)
    .join(', ');
  const wait = queue.etaSeconds === null ? '?' : clock(queue.etaSeconds);
  const replaced = Object.values(replacedWorkers).reduce((total, count) => total + count, 0);
  const checks = Object.entries(ready.checks).map(([name, isGood]) => `${isGood ? '✓' : '✗'} ${name}`);
  return [
    row(text.queue, `${text.waiting} ${queue.queued} (${byPriority}) · ${text.active} ${queue.active}`),
    row('', `${clock(queue.waitingSeconds)} ${text.audio} · ${text.wait} ${wait}`),
    row(
      text.jobs,
      `${fleet.jobsPerMinute.toFixed(1)}${text.perMinute} · ${text.done} ${jobs.done ?? 0} · ${text.failed} ${jobs.failed ?? 0} · ${text.cancelled} ${jobs.cancelled ?? 0}`,
    ),
    row(
      text.workers,
      `${bar(fleet.busy / Math.max(1, fleet.workers), 20)} ${fleet.busy}/${fleet.workers} ${text.busy} · ${text.replaced} ${replaced}`,
    ),
    row(text.checks, checks.join('  ')),
  ];
}

function renderMachine({ stats }: Snapshot, text: MonitorWords): string[] {
  const { cpu, memory, disk, network, caches } = stats;
  const cores = cpu.perCore.map(
    (percent, core) => `${String(core).padStart(2)} ${bar(percent / 100, 12)}${share(percent / 100)}`,
  );
  const coreLines = Array.from({ length: Math.ceil(cores.length / coresPerLine) }, (_, line) =>
    row(
      line === 0 ? `CPU${share(cpu.percent / 100)}` : '',
      cores.slice(line * coresPerLine, (line + 1) * coresPerLine).join('  '),
    ),
  );
  const used = memory.totalBytes - memory.freeBytes;
  const diskUsed = disk.totalBytes - disk.freeBytes;
  return [
    ...coreLines,
    row(
      text.memory,
      `${bar(used / memory.totalBytes, 20)} ${size(used)}/${size(memory.totalBytes)} · ${text.process} ${size(memory.processBytes)} (${text.workers.toLowerCase()} ${size(memory.workersBytes)})`,
    ),
    row(
      text.disk,
      `${bar(diskUsed / Math.max(1, disk.totalBytes), 20)} ${size(diskUsed)}/${size(disk.totalBytes)} · ${text.read} ${size(disk.readPerSecond)}/s · ${text.written} ${size(disk.writtenPerSecond)}/s`,
    ),
    row(
      text.network,
      `${text.received} ${size(network.receivedPerSecond)}/s · ${text.sent} ${size(network.sentPerSecond)}/s · event loop p99 ${(1000 * stats.eventLoop.p99Seconds).toFixed(0)} ms`,
    ),
    ...Object.entries(caches).map(([name, { entries, bytes, budgetBytes, hits, misses }]) =>
      row(
        text.cache,
        `${name}: ${entries} · ${size(bytes)}/${size(budgetBytes)} · ${text.hits}${share(hits / Math.max(1, hits + misses))}`,
      ),
    ),
  ];
}

function renderHosts({ stats }: Snapshot, text: MonitorWords): string[] {
  const { hosts } = stats.fleet;
  const lines = hosts.slice(0, shownHosts).map((host, index) => {
    const { name, role, busy, workers, cores, jobsPerMinute, memoryBytes } = host;
    const work = `${busy}/${workers} ${text.busy} · ${cores} CPU · ${jobsPerMinute.toFixed(1)}${text.perMinute}`;
    return row(
      index === 0 ? text.hosts : '',
      `${name.padEnd(16).slice(0, 16)} ${text[role].padEnd(8)} ${work} · ${size(memoryBytes)}`,
    );
  });
  return hosts.length > shownHosts ? [...lines, row('', `… +${hosts.length - shownHosts}`)] : lines;
}

function row(label: string, content: string): string {
  return `${label.padEnd(labelWidth)} ${content}`;
}

function spread(left: string, right: string): string {
  const room = width - right.length - 1;
  return `${left.slice(0, room).padEnd(room)} ${right}`;
}

function bar(share: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return '█'.repeat(full) + '░'.repeat(cells - full);
}

/** Such as `  7 %`, always as wide. */
function share(fraction: number): string {
  return `${(100 * fraction).toFixed(0).padStart(4)} %`;
}

function size(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${value >= 10 || power === 0 ? value.toFixed(0) : value.toFixed(1)}${['B', 'K', 'M', 'G', 'T'][power]}`;
}

/** Such as `3:05`. */
function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function timeOf(date: Date): string {
  return date.toTimeString().slice(0, 8);
}
