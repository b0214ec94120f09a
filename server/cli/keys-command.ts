import type { Command } from 'commander';
import { type AddCommand, commandsOf } from './add-command.ts';
import type { Voice } from './outcome.ts';
import { keyWords } from './words/keys.ts';
import type { Words } from './words.ts';

/** `giong keys`, and what can be done with them. */
export function addKeysCommand(add: AddCommand, words: Words, voice: Voice): void {
  const own = keyWords[voice.language];
  const keys = add('keys', own.keys);
  const addBelow = commandsOf(keys, words);
  const withFlags = (command: Command) => command.option('--data <folder>', words.data).option('--json', words.json);
  const command: AddCommand = (name, description) => withFlags(addBelow(name, description));
  const load = () => import('./keys.ts');

  for (const each of [withFlags(keys), command('list', own.list)]) {
    each.action(async (flags) => (await load()).listKeys(flags, voice, own));
  }
  command('create', own.create)
    .argument('<name>', own.name)
    .option('--workspace <id>', own.workspace)
    .option('--priority <normal|paid>', own.priority)
    .action(async (name: string, flags) => (await load()).createKey(name, flags, voice, own));
  command('revoke', own.revoke)
    .argument('<id>', own.id)
    .action(async (id: string, flags) => (await load()).revokeKey(id, flags, voice, own));
}
