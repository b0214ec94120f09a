import { InputError } from '#core/errors.ts';
import { parseConfig } from '../config.ts';
import { ApiKeyRepository, type KeyPriority } from '../data/api-keys.ts';
import { openMainDatabase } from '../data/database.ts';
import { newId, workspaceIdPattern } from '../ids.ts';
import { UsageError, type Voice } from './outcome.ts';
import type { KeyWords } from './words/keys.ts';

interface Flags {
  readonly data?: string;
}

interface CreateFlags extends Flags {
  readonly workspace?: string;
  readonly priority?: string;
}

const longestName = 100;

/** `giong keys list`: everybody's, without the keys themselves. */
export async function listKeys(flags: Flags, { json }: Voice, words: KeyWords): Promise<void> {
  const rows = await withKeys(flags, (keys) => keys.list());
  const keys = rows.map((row) => ({
    id: row.id,
    name: row.name,
    workspace: row.workspace_id,
    priority: row.priority,
    ending: row.key_ending,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }));
  if (json) return console.log(JSON.stringify({ keys }));
  for (const { id, name, workspace, priority, ending, lastUsedAt } of keys) {
    console.log(`${id}  …${ending}  ${workspace}  ${priority.padEnd(6)}  ${lastUsedAt ?? words.never}  ${name}`);
  }
}

/** `giong keys create`: prints the key, which is nowhere else. */
export async function createKey(name: string, flags: CreateFlags, { json }: Voice, words: KeyWords): Promise<void> {
  const { workspace: workspaceId = newId('workspace'), priority: asked = 'normal' } = flags;
  if (name.trim() === '' || name.length > longestName) throw new UsageError('<name>');
  if (!workspaceIdPattern.test(workspaceId)) throw new UsageError('--workspace');
  const priority = (['normal', 'paid'] satisfies KeyPriority[]).find((known) => known === asked);
  if (!priority) throw new UsageError('--priority');
  const { key, row } = await withKeys(flags, (keys) => keys.create({ workspaceId, name, priority }));
  if (json) console.log(JSON.stringify({ id: row.id, key, workspace: workspaceId, priority }));
  else {
    console.log(key);
    console.error(`${row.id} ${words.opens} ${workspaceId}`);
  }
}

/** `giong keys revoke`. Throws `InputError('not-found')`. */
export async function revokeKey(id: string, flags: Flags, { json }: Voice, words: KeyWords): Promise<void> {
  if (!(await withKeys(flags, (keys) => keys.revoke(id)))) throw new InputError('not-found');
  if (json) console.log(JSON.stringify({ revoked: id }));
  else console.error(`${words.revoked} ${id}`);
}

/** Works on the keys of the server's own database, which may be running meanwhile. */
async function withKeys<Answer>({ data }: Flags, work: (keys: ApiKeyRepository) => Promise<Answer>): Promise<Answer> {
  const database = await openMainDatabase(parseConfig(process.env, data === undefined ? {} : { dataFolder: data }));
  try {
    return await work(new ApiKeyRepository(database));
  } finally {
    await database.destroy();
  }
}
