import type { Command } from 'commander';
import type { Voice } from './outcome.ts';
import { keyWords } from './words/keys.ts';
import type { Words } from './words.ts';

/** `giong keys`, and what can be done with them. `add` makes a command with the options that all have. */
export function addKeysCommand(
  add: (name: string, description: string, parent?: Command) => Command,
  words: Words,
  voice: Voice,
): void {
  const own = keyWords[voice.language];
  const keys = add('keys', own.keys);
  const withFlags = (command: Command) => command.option('--data <folder>', words.data).option('--json', words.json);
  const command = (name: string, description: string) => withFlags(add(name, description, keys));
  const load = () => import('./keys.ts');

  command('list', own.list).action(async (flags) => (await load()).listKeys(flags, voice, own));
  command('create', own.create)
    .argument('<name>', own.name)
    .option('--workspace <id>', own.workspace)
    .option('--priority <normal|paid>', own.priority)
    .action(async (name: string, flags) => (await load()).createKey(name, flags, voice, own));
  command('revoke', own.revoke)
    .argument('<id>', own.id)
    .action(async (id: string, flags) => (await load()).revokeKey(id, flags, voice, own));
}
