import type { AddCommand } from './add-command.ts';
import { UsageError, type Voice } from './outcome.ts';
import type { Words } from './words.ts';

/** Adds what helps those who run a server: `doctor`, `monitor` and `bench`. */
export function addOperatorCommands(add: AddCommand, words: Words, voice: Voice): void {
  add('doctor', words.doctor)
    .option('-p, --port <port>', words.port)
    .option('--data <folder>', words.data)
    .option('--json', words.json)
    .action(async ({ port, data }) => {
      const { doctor } = await import('./doctor.ts');
      await doctor({ port, data }, voice, words);
    });

  add('monitor', words.monitor)
    .option('--url <address>', words.url)
    .option('--key <key>', words.key)
    .option('--interval <seconds>', words.interval)
    .option('--once', words.once)
    .option('--json', words.json)
    .action(async (options) => {
      const { monitor } = await import('./monitor.ts');
      await monitor(options, voice);
    });

  add('bench', words.bench)
    .argument('[what]', words.benchWhat, asBench)
    .option('--workers <count>', words.benchWorkers)
    .option('--jobs <count>', words.benchJobs)
    .option('--json', words.json)
    .action(async (_, options) => {
      const { bench } = await import('./bench.ts');
      await bench(options, voice);
    });
}

function asBench(text: string): string {
  if (text !== 'capacity') throw new UsageError(text);
  return text;
}
