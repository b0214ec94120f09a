import { parseConfig } from '../config.ts';
import { startServer } from '../main.ts';
import type { Words } from './words.ts';

interface ServeFlags {
  readonly port?: string;
  readonly host?: string;
  readonly data?: string;
  readonly workers?: string;
}

/** `giong serve`: runs until SIGINT or SIGTERM. Throws `InputError('option-invalid')`. */
export async function serve({ data, ...flags }: ServeFlags, words: Words): Promise<void> {
  const config = parseConfig(process.env, { ...flags, ...(data !== undefined && { dataFolder: data }) });
  const server = await startServer(config);
  console.error(`${words.serving} ${server.url}`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await server.stop();
}
