import { expect, test } from 'bun:test';
import { hasSharedStorage, needsSharedStorage, startSharedStorage } from './shared-storage.ts';

/** Suites that start a server with this process's environment. */
const suites = ['./tests/server/conversion.test.ts'];

test.skipIf(!hasSharedStorage)(
  `what a server does with SQLite and a folder, it does with PostgreSQL and S3${needsSharedStorage}`,
  async () => {
    const storage = await startSharedStorage();
    try {
      const run = Bun.spawn([process.execPath, 'test', '--isolate', '--timeout=120000', ...suites], {
        env: { ...process.env, ...storage.environment },
        stdout: 'pipe',
        stderr: 'pipe',
      });
      const report = await new Response(run.stderr).text();
      expect(report).toMatch(/^ *[1-9]\d* pass$/m);
      expect(await run.exited, report).toBe(0);
    } finally {
      await storage.stop();
    }
  },
  300_000,
);
