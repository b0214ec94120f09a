import { availableParallelism, freemem, totalmem } from 'node:os';
import type { Config } from '../../config.ts';
import { version } from '../../paths.ts';
import { checkBucket } from './bucket.ts';
import type { Check } from './check.ts';
import { checkFiles, examineFiles, type FileFinding } from './files.ts';
import { checkMachine, hasSimd } from './machine.ts';
import { checkPort } from './port.ts';
import { checkPostgres } from './postgres.ts';
import { checkRedis } from './redis.ts';
import { checkStorage } from './storage.ts';

export interface Findings {
  readonly versions: { readonly giong: string; readonly bun: string; readonly platform: string };
  readonly cores: number;
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number };
  /** Whether WebAssembly SIMD runs here. */
  readonly simd: boolean;
  readonly files: readonly FileFinding[];
  readonly checks: readonly Check[];
}

/** Looks at all that a server with this configuration needs: this machine, its disk and port, its services, its files. */
export async function examine(config: Config): Promise<Findings> {
  const files = await examineFiles();
  const checks = await Promise.all([
    checkMachine(config.workers),
    checkStorage(config.dataFolder),
    checkPort(config.host, config.port),
    checkRedis(config.redis),
    checkPostgres(config.databaseUrl, config.redis !== undefined),
    checkBucket(config),
    checkFiles(files),
  ]);
  return {
    versions: { giong: version, bun: Bun.version, platform: `${process.platform}-${process.arch}` },
    cores: availableParallelism(),
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    simd: hasSimd(),
    files,
    checks: checks.flat(),
  };
}
