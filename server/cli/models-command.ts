import type { Command } from 'commander';
import { type AddCommand, commandsOf } from './add-command.ts';
import type { Voice } from './outcome.ts';
import { modelWords } from './words/models.ts';
import type { Words } from './words.ts';

/** `giong models`, and what can be done with them. */
export function addModelsCommand(add: AddCommand, words: Words, voice: Voice): void {
  const own = modelWords[voice.language];
  const models = add('models', own.models);
  const addBelow = commandsOf(models, words);
  const withFlags = (command: Command) => command.option('--data <folder>', words.data).option('--json', words.json);
  const command: AddCommand = (name, description) => withFlags(addBelow(name, description));
  const load = () => import('./models.ts');

  for (const each of [withFlags(models), command('list', own.list)]) {
    each.action(async (flags) => (await load()).listModels(flags, voice));
  }
  command('pull', own.pull)
    .argument('<id>', own.id)
    .option('--base-url <url>', own.baseUrl)
    .action(async (id: string, flags) => (await load()).pullModel(id, flags, voice, words));
  command('add', own.add)
    .argument('<folder>', own.folder)
    .action(async (folder: string, flags) => (await load()).addModels(folder, flags, voice));
  command('remove', own.remove)
    .argument('<id>', own.id)
    .action(async (id: string, flags) => (await load()).removeModel(id, flags, voice));
  command('verify', own.verify).action(async (flags) => (await load()).verifyModels(flags, voice));
}
