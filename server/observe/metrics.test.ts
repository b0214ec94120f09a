import { expect, test } from 'bun:test';
import { Metrics } from './metrics.ts';

test('the report tells what was counted and what is so now', async () => {
  const counts = { queued: { admin: 0, paid: 2, normal: 5 }, active: 1, queuedSeconds: 90, activeSeconds: 7 };
  const pool = { size: 4, busy: 1 };
  const metrics = new Metrics({ counts: async () => counts }, pool);
  metrics.countRequest({ method: 'GET', route: '/api/jobs/:id', status: 200, seconds: 0.02 });
  metrics.countJob({ outcome: 'done', seconds: 3, audioSeconds: 30 });
  metrics.countJob({ outcome: 'failed', seconds: 1, audioSeconds: 10 });
  metrics.countResult(true);
  metrics.countVoice(true);
  metrics.countVoice(false);
  pool.busy = 3;

  const lines = (await metrics.report()).split('\n');
  for (const line of [
    'giong_http_request_duration_seconds_bucket{le="0.025",method="GET",route="/api/jobs/:id",status="200"} 1',
    'giong_http_request_duration_seconds_bucket{le="0.005",method="GET",route="/api/jobs/:id",status="200"} 0',
    'giong_job_duration_seconds_count{outcome="done"} 1',
    'giong_job_duration_seconds_sum{outcome="failed"} 1',
    'giong_audio_converted_seconds_total 30',
    'giong_voice_cache_requests_total{result="hit"} 1',
    'giong_result_cache_requests_total{result="hit"} 1',
    'giong_queue_jobs{priority="paid"} 2',
    'giong_queue_audio_seconds 90',
    'giong_jobs_active 1',
    'giong_workers{state="busy"} 3',
    'giong_workers{state="idle"} 1',
  ]) {
    expect(lines).toContain(line);
  }
  expect(lines.some((line) => line.startsWith('nodejs_eventloop_lag_p99_seconds '))).toBe(true);
  expect(lines.some((line) => line.startsWith('process_resident_memory_bytes '))).toBe(true);
});
