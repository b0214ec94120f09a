#!/usr/bin/env bun
import { Command, CommanderError } from 'commander';
import { type Language, languages, parseLocale } from '../language.ts';
import { version } from '../paths.ts';
import { commandsOf } from './add-command.ts';
import { addBatchCommand } from './batch-command.ts';
import { addKeysCommand } from './keys-command.ts';
import { addModelsCommand } from './models-command.ts';
import { addOperatorCommands } from './operator-commands.ts';
import { exitCodeOf, exitCodes, printFailure, UsageError, type Voice } from './outcome.ts';
import { withSeedVcFlags } from './seed-vc-flags.ts';
import { addVoicesCommand } from './voices-command.ts';
import { type Words, wordsIn } from './words.ts';

/**
 * The command line. Each command's code is loaded only when it is used, so that a conversion does not wait for the server's
 * packages. Exit codes: 0 done, 1 failed, 2 used wrongly, 130 interrupted.
 */
async function main(args: readonly string[]): Promise<number> {
  const voice: Voice = { language: languageOf(args), json: args.includes('--json') };
  const words = wordsIn(voice.language);
  try {
    await createProgram(words, voice).parseAsync([...args], { from: 'user' });
    // A command that has said all may still end with another code.
    return Number(process.exitCode ?? exitCodes.done);
  } catch (error) {
    // Help and version end parsing too.
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    if (error instanceof CommanderError && error.code === 'commander.help') return exitCodes.usage;
    const failure = error instanceof CommanderError ? asUsageError(error) : error;
    printFailure(failure, voice);
    return exitCodeOf(failure);
  }
}

function createProgram(words: Words, voice: Voice): Command {
  const program = new Command('giong')
    .description(words.about)
    .version(version, '-V, --version', words.version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ styleTitle: (title) => translateTitle(title, words) })
    .helpOption('-h, --help', words.help)
    .helpCommand(false)
    .showHelpAfterError(false);
  const add = commandsOf(program, words);

  const withConversionOptions = (command: Command) =>
    withSeedVcFlags(command, voice.language)
      .requiredOption('--voice <recording>', words.voice, (value, before: string[] = []) => [...before, value])
      .option('--engine <id>', words.engine)
      .option('--strength <0..1>', words.strength)
      .option('--pitch <auto|keep|semitones>', words.pitch)
      .option('--formant <semitones>', words.formant)
      .option('--noise-reduction [0..1]', words.noiseReduction)
      .option('--rate <hertz>', words.rate)
      .option('--seed <integer>', words.seed)
      .option('--data <folder>', words.data)
      .option('--json', words.json);

  withConversionOptions(add('convert', words.convert).argument('<source>', words.source))
    .option('-o, --out <file>', words.out)
    .option('--format <format>', words.format)
    .option('--similarity', words.tellSimilarity)
    .action(async (source: string, options) => {
      // ONNX Runtime takes longest to load: it begins first, beside all that follows.
      const [{ createBunHost }, { dataFolderOf }] = [await import('../host.ts'), await import('./data-folder.ts')];
      const host = createBunHost({ warm: true, dataFolder: dataFolderOf(options) });
      const { convert } = await import('./convert.ts');
      await convert(source, options, voice, words, host);
    });

  add('serve', words.serve)
    .option('-p, --port <port>', words.port)
    .option('--host <address>', words.host)
    .option('--data <folder>', words.data)
    .option('--workers <count>', words.workers)
    .action(async (options) => {
      const { serve } = await import('./serve.ts');
      await serve(options, words);
    });

  add('worker', words.worker)
    .option('--data <folder>', words.data)
    .option('--workers <count>', words.workers)
    .action(async (options) => {
      const { work } = await import('./serve.ts');
      await work(options, words);
    });

  addBatchCommand(add, withConversionOptions, words, voice);
  addVoicesCommand(add, words, voice);
  addModelsCommand(add, words, voice);
  addKeysCommand(add, words, voice);
  addOperatorCommands(add, words, voice);

  return program;
}

/** `--language` counts before anything else is understood, so that even a usage error comes in the right words. */
function languageOf(args: readonly string[]): Language {
  const at = args.findIndex((arg) => arg === '--language' || arg.startsWith('--language='));
  const asked = at < 0 ? undefined : (args[at]?.split('=')[1] ?? args[at + 1]);
  return languages.find((language) => language === asked) ?? parseLocale(process.env);
}

/** Commander words its errors in English, with the culprit in quotes: the culprit is kept, the words are ours. */
function asUsageError(error: CommanderError): UsageError {
  const [culprit] = /(?<=')[^' ]+/.exec(error.message) ?? [];
  return new UsageError(culprit ?? error.code.replace('commander.', ''));
}

function translateTitle(title: string, words: Words): string {
  const titles: Readonly<Record<string, string>> = {
    'Usage:': words.usageTitle,
    'Arguments:': words.argumentsTitle,
    'Options:': words.optionsTitle,
    'Commands:': words.commandsTitle,
  };
  return titles[title] ?? title;
}

process.exitCode = await main(process.argv.slice(2));
