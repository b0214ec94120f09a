import { join } from 'node:path';

/** What a taker says: that it is there, and what becomes of the jobs that it gets. */
export type TakerWord =
  | { readonly type: 'ready' }
  | { readonly type: 'took'; readonly jobId: string; readonly attempt: number }
  | { readonly type: 'ended'; readonly jobId: string }
  | { readonly type: 'cancelled'; readonly jobId: string };

export interface TakerOptions {
  /** Variables that lead to Redis. */
  readonly environment: Readonly<Record<string, string>>;
  readonly queue: string;
  readonly lockSeconds: number;
  /** How many jobs it works on at once. */
  readonly takers?: number;
  /** Milliseconds that it works on each; for ever unless told. */
  readonly workMilliseconds?: number;
}

export interface TakerProcess {
  /** All it has said. */
  readonly words: readonly TakerWord[];
  /** The first word that passes, said or to be said. */
  hears<Type extends TakerWord['type']>(
    type: Type,
    passes?: (word: Extract<TakerWord, { type: Type }>) => boolean,
  ): Promise<Extract<TakerWord, { type: Type }>>;
  signal(signal: NodeJS.Signals): void;
  /** Resolves when it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** A process of its own that takes jobs; resolves when it is connected. */
export async function startTaker(options: TakerOptions): Promise<TakerProcess> {
  const { environment, queue, lockSeconds, takers = 1, workMilliseconds } = options;
  const child = Bun.spawn(['setpriv', '--pdeathsig', 'KILL', process.execPath, join(import.meta.dir, 'taker.ts')], {
    env: {
      ...process.env,
      ...environment,
      QUEUE_NAME: queue,
      LOCK_SECONDS: `${lockSeconds}`,
      TAKERS: `${takers}`,
      ...(workMilliseconds !== undefined && { WORK_MILLISECONDS: `${workMilliseconds}` }),
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const words: TakerWord[] = [];
  let said = Promise.withResolvers<void>();
  const listening = (async () => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const bytes of child.stdout) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      words.push(...lines.map((line) => JSON.parse(line) as TakerWord));
      said.resolve();
      said = Promise.withResolvers();
    }
  })();
  const ended = Promise.all([child.exited, listening]).then(() => undefined);

  const taker: TakerProcess = {
    words,
    async hears(type, passes = () => true) {
      type Word = Extract<TakerWord, { type: typeof type }>;
      for (;;) {
        const { promise } = said;
        const word = words.find((candidate): candidate is Word => candidate.type === type && passes(candidate as Word));
        if (word) return word;
        await Promise.race([
          promise,
          ended.then(() => Promise.reject(new Error(`a taker ended and never said ${type}`))),
        ]);
      }
    },
    signal: (signal) => child.kill(signal),
    async end(signal) {
      child.kill(signal);
      await ended;
    },
  };
  await taker.hears('ready');
  return taker;
}
