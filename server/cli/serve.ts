import { type Config, parseConfig } from '../config.ts';
import type { Words } from './words.ts';

interface ServeFlags {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly workers?: string;
}

/** `giong serve`: runs until SIGINT or SIGTERM. Throws `InputError('option-invalid')`, `UnavailableError('data-in-use')`. */
export async function serve(flags: ServeFlags, words: Words): Promise<void> {
  const { startServer } = await import('../main.ts');
  const server = await startServer(configOf(flags));
  console.error(`${words.serving} ${server.url}`);
  await untilToldToStop();
  await server.stop();
}

/** `giong worker`: converts what servers have put in line, until SIGINT or SIGTERM. Throws as `serve`, and `UnavailableError('redis-missing')`. */
export async function work(flags: Pick<ServeFlags, 'data' | 'workers'>, words: Words): Promise<void> {
  const { startWorkerProcess } = await import('../worker-main.ts');
  const worker = await startWorkerProcess(configOf(flags));
  console.error(words.working);
  await untilToldToStop();
  await worker.stop();
}

function configOf({ data, ...flags }: ServeFlags): Config {
  return parseConfig(process.env, { ...flags, ...(data !== undefined && { dataFolder: data }) });
}

async function untilToldToStop(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
}
