import type { Command } from 'commander';
import { languages } from '../language.ts';
import { UsageError } from './outcome.ts';
import type { Words } from './words.ts';

/** Adds a command, which has the options that all have. */
export type AddCommand = (name: string, description: string) => Command;

/** Adds commands to the program, or to a command that has others below it. */
export function commandsOf(parent: Command, words: Pick<Words, 'language'>): AddCommand {
  return (name, description) =>
    parent
      .command(name)
      .description(description)
      .option('--language <vi|en>', words.language, asLanguage)
      .allowExcessArguments(false);
}

function asLanguage(text: string): string {
  const language = languages.find((known) => known === text);
  if (!language) throw new UsageError('--language');
  return language;
}
