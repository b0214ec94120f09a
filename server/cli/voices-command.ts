import type { Command } from 'commander';
import { type AddCommand, commandsOf } from './add-command.ts';
import type { Voice } from './outcome.ts';
import { voiceWords } from './words/voices.ts';
import type { Words } from './words.ts';

/** `giong voices`, and what can be done with one's own. */
export function addVoicesCommand(add: AddCommand, words: Words, voice: Voice): void {
  const own = voiceWords[voice.language];
  const voices = add('voices', own.voices);
  const addBelow = commandsOf(voices, words);
  const withFlags = (command: Command) => command.option('--data <folder>', own.data).option('--json', words.json);
  const command: AddCommand = (name, description) => withFlags(addBelow(name, description));
  const load = () => import('./voices.ts');

  for (const each of [withFlags(voices), command('list', own.list)]) {
    each.action(async (flags) => (await load()).listVoices(flags, voice));
  }
  command('create', own.create)
    .argument('<name>', own.name)
    .argument('<recordings...>', own.recordings)
    .option('--consent', own.consent)
    .option('--engine <id>', words.engine)
    .option('--similarity-threshold <0..1>', own.threshold)
    .action(async (name: string, recordings: string[], flags) => {
      const { createVoice } = await import('./create-voice.ts');
      await createVoice(name, recordings, flags, voice, words);
    });
  command('export', own.export)
    .argument('<voice>', own.id)
    .argument('[file]', own.exportFile)
    .action(async (id: string, file: string | undefined, flags) => (await load()).exportVoice(id, file, flags, voice));
  command('import', own.import)
    .argument('<file>', own.file)
    .option('--name <name>', own.importName)
    .option('--consent', own.consent)
    .action(async (file: string, flags) => (await load()).importVoice(file, flags, voice));
  command('rename', own.rename)
    .argument('<voice>', own.id)
    .argument('<name>', own.newName)
    .action(async (id: string, name: string, flags) => (await load()).renameVoice(id, name, flags, voice));
  command('delete', own.delete)
    .argument('<voice>', own.id)
    .action(async (id: string, flags) => (await load()).deleteVoice(id, flags, voice));
}
