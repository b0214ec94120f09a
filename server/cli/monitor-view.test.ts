import { describe, expect, test } from 'bun:test';
import type { Snapshot } from './monitor-source.ts';
import { renderMonitor } from './monitor-view.ts';

const time = '2026-01-02T03:04:05.000Z';
const host = (name: string) => ({
  id: name,
  name,
  role: 'worker' as const,
  works: true,
  workers: 16,
  busy: 12,
  cores: 16,
  memoryBytes: 3 * 2 ** 30,
  jobsPerMinute: 51.25,
  version: '1.0.0',
  startedAt: time,
  lastSeen: time,
});
const snapshot: Snapshot = {
  at: new Date(time),
  stats: {
    version: '1.0.0',
    uptimeSeconds: 100,
    cores: 32,
    workers: { total: 0, busy: 0 },
    replacedWorkers: { crashed: 1, stuck: 1, memory: 2 },
    loadAverage: [1, 2, 3],
    cpu: { percent: 100, perCore: Array.from({ length: 32 }, (_, core) => (core === 0 ? 0 : 100)) },
    memory: { processBytes: 2 ** 29, workersBytes: 2 ** 28, totalBytes: 64 * 2 ** 30, freeBytes: 16 * 2 ** 30 },
    disk: { totalBytes: 2 ** 40, freeBytes: 2 ** 39, readPerSecond: 1_500_000, writtenPerSecond: 0 },
    network: { receivedPerSecond: 123_456_789, sentPerSecond: 12 },
    eventLoop: { meanSeconds: 0.001, p99Seconds: 0.023, maxSeconds: 0.1 },
    caches: { voices: { entries: 3, bytes: 3 * 2 ** 20, budgetBytes: 64 * 2 ** 20, hits: 3, misses: 1 } },
    jobs: { queued: 12, active: 24, done: 123_456, failed: 7, cancelled: 89 },
    latency: { jobs: 100, wait: { p50: 1, p95: 9 }, work: { p50: 3, p95: 12 } },
    fleet: {
      workers: 32,
      busy: 24,
      jobsPerMinute: 102.5,
      hosts: [
        host('a-machine-with-a-very-long-name'),
        ...Array.from({ length: 19 }, (_, index) => host(`host-${index}`)),
      ],
    },
  },
  queue: {
    queued: 12,
    queuedByPriority: { admin: 0, paid: 2, normal: 10 },
    active: 24,
    workers: 32,
    waitingSeconds: 185,
    etaSeconds: 4.6,
  },
  ready: { status: 'ready', checks: { database: true, redis: false, workers: true } },
};

describe('the view of the monitor', () => {
  test.each(['vi', 'en'] as const)('fits into 80 columns, %s', (language) => {
    const lines = renderMonitor('https://giong.example.org:8443', snapshot, undefined, language);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(40);
  });

  test('shows queue, jobs, workers, cores, memory, dependencies and hosts', () => {
    const view = renderMonitor('http://h:1', snapshot, undefined, 'en').join('\n');
    for (const part of [
      'waiting 12 (admin 0, paid 2, normal 10) · running 24',
      '3:05 of audio · wait 0:05',
      '102.5/min · done 123456 · failed 7 · cancelled 89',
      '███████████████░░░░░ 24/32 busy · replaced 4',
      '✓ database  ✗ redis  ✓ workers',
      ' 0 ░░░░░░░░░░░░   0 %   1 ████████████ 100 %',
      '███████████████░░░░░ 48G/64G · server 512M (workers 256M)',
      'read 1.4M/s',
      'voices: 3 · 3.0M/64M · hits  75 %',
      'a-machine-with-a worker   12/16 busy · 16 CPU · 51.3/min · 3.0G',
      '… +8',
    ]) {
      expect(view).toContain(part);
    }
    expect(view.split('\n')[0]).toEndWith(' ready');
  });

  test('keeps the last picture of a server that is away, and says since when', () => {
    const lines = renderMonitor('http://h:1', snapshot, 'refused', 'en');
    expect(lines[0]).toEndWith('NO ANSWER');
    expect(lines[1]).toBe('refused');
    expect(lines[2]).toMatch(/^as of \d\d:\d\d:05$/);
    expect(lines.join('\n')).toContain('waiting 12');
    expect(renderMonitor('http://h:1', undefined, 'refused', 'vi')).toHaveLength(2);
  });
});
