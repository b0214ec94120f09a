import { expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimFolder } from './claim.ts';

test('a folder has one process at a time, and is free again when that has let go or was killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'giong-claim-'));
  const holder = Bun.spawn(
    [
      process.execPath,
      '-e',
      `const { claimFolder } = await import(${JSON.stringify(join(import.meta.dir, 'claim.ts'))});
       claimFolder(${JSON.stringify(folder)});
       Bun.gc(true);
       console.log('claimed');
       setInterval(() => {}, 1000);`,
    ],
    { stdout: 'pipe' },
  );
  try {
    await holder.stdout.getReader().read();
    expect(() => claimFolder(folder)).toThrow('data-in-use');
    holder.kill('SIGKILL');
    await holder.exited;
    const claim = claimFolder(folder);
    expect(() => claimFolder(folder)).toThrow('data-in-use');
    claim.release();
    claimFolder(folder).release();
  } finally {
    holder.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});
