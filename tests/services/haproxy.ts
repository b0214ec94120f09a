import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathOf } from './programs.ts';
import { removeFolder, Service, temporaryFolder } from './service.ts';
import { until } from './until.ts';

export interface Haproxy {
  readonly service: Service;
  /** The folder of its configuration file; relative paths in the configuration start here. */
  readonly folder: string;
  stop(): Promise<void>;
}

export interface HaproxyOptions {
  /** Values of the `${NAME}` that the configuration mentions. */
  readonly environment?: Readonly<Record<string, string>>;
  /** An address that it serves with any status once it is up. Its certificate isn't checked. */
  readonly readyUrl: string;
}

/** A HAProxy with this configuration (the text of `haproxy.cfg`). Throws with HAProxy's own words when that is invalid. */
export async function startHaproxy(configuration: string, { environment, readyUrl }: HaproxyOptions): Promise<Haproxy> {
  const folder = await temporaryFolder('haproxy');
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, `${configuration.trim()}\n`);
  const program = pathOf('haproxy');
  const check = Bun.spawnSync([program, '-c', '-f', file], { cwd: folder, env: { ...process.env, ...environment } });
  if (!check.success) {
    await removeFolder(folder);
    throw new Error(`haproxy.cfg: ${check.stderr}`);
  }
  const service = await Service.start({
    name: 'haproxy',
    command: [program, '-db', '-f', file],
    folder,
    ...(environment && { environment }),
    ready: () =>
      until(`an answer from ${readyUrl}`, async () => {
        await fetch(readyUrl, { tls: { rejectUnauthorized: false }, redirect: 'manual' });
        return true;
      }),
  });
  return {
    service,
    folder,
    async stop() {
      await service.stop();
      await removeFolder(folder);
    },
  };
}
