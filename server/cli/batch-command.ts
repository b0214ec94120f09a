import type { Command } from 'commander';
import type { AddCommand } from './add-command.ts';
import type { Voice } from './outcome.ts';
import { batchWords } from './words/batch.ts';
import type { Words } from './words.ts';

/** `giong batch`. `withOptions` adds the options that every conversion has. */
export function addBatchCommand(
  add: AddCommand,
  withOptions: (command: Command) => Command,
  words: Words,
  voice: Voice,
): void {
  const own = batchWords[voice.language];
  withOptions(add('batch', own.batch).argument('<files...>', own.paths))
    .requiredOption('--out-dir <folder>', own.outFolder)
    .option('--format <format>', own.format)
    .option('-j, --jobs <count>', own.jobs)
    .option('--force', own.force)
    .action(async (paths: string[], flags) => {
      const { batch } = await import('./batch.ts');
      await batch(paths, flags, voice, words);
    });
}
