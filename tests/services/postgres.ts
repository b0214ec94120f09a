import { chmod, chown } from 'node:fs/promises';
import { join } from 'node:path';
import { SQL } from 'bun';
import { freePort } from './ports.ts';
import { pathOf } from './programs.ts';
import { removeFolder, Service, temporaryFolder } from './service.ts';
import { until } from './until.ts';

/** PostgreSQL refuses to run as root; Debian's package brings this user. */
const user = 'postgres';

export interface Postgres {
  readonly service: Service;
  /** An empty database of its own for one test. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** A PostgreSQL on 127.0.0.1 whose superuser needs no password. */
export async function startPostgres(): Promise<Postgres> {
  const port = freePort();
  const folder = await temporaryFolder('postgres');
  const asUser = process.getuid?.() === 0 ? ['setpriv', '--reuid', user, '--regid', user, '--clear-groups'] : [];
  if (asUser.length > 0) await chown(folder, userId('-u'), userId('-g'));
  await chmod(folder, 0o700);
  const data = join(folder, 'data');
  const initdb = [pathOf('initdb'), '-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--locale', 'C', '--no-sync'];
  const made = Bun.spawnSync([...asUser, ...initdb], { cwd: folder });
  if (!made.success) throw new Error(`initdb: ${made.stderr}`);

  const url = (database: string) => `postgres://${user}@127.0.0.1:${port}/${database}`;
  const run = async (statement: string) => {
    const sql = new SQL(url('postgres'), { max: 1, connectionTimeout: 2 });
    try {
      return await sql.unsafe(statement);
    } finally {
      await sql.close();
    }
  };
  const service = await Service.start({
    name: `postgres on ${port}`,
    command: [
      ...(asUser.length > 0 ? [...asUser, '--pdeathsig', 'KILL'] : []),
      ...[pathOf('postgres'), '-D', data, '-p', `${port}`, '-k', folder, '-c', 'listen_addresses=127.0.0.1'],
      ...['-c', 'fsync=off', '-c', 'shared_buffers=32MB', '-c', 'max_connections=100'],
    ],
    folder,
    // It shares memory with its children, which it must give back itself.
    stopSignal: 'SIGQUIT',
    ready: () => until(`an answer from PostgreSQL on port ${port}`, () => run('select 1').then(() => true)),
  });
  let databases = 0;
  return {
    service,
    async createDatabase() {
      const name = `test_${++databases}`;
      await run(`create database ${name}`);
      return url(name);
    },
    async stop() {
      await service.stop();
      await removeFolder(folder);
    },
  };
}

function userId(flag: '-u' | '-g'): number {
  return Number(Bun.spawnSync(['id', flag, user]).stdout.toString());
}
