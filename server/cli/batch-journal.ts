import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const fileName = '.giong-batch.jsonl';
const lineSchema = z.object({ out: z.string(), key: z.string() });

/**
 * What made each result of a folder: one line of JSON a result, the last one of a result counts. So a file is converted again when it,
 * the voice or an option has changed, and only then. A line that makes no sense is passed over.
 */
export class BatchJournal {
  readonly #path: string;
  readonly #keys: Map<string, string>;

  private constructor(path: string, keys: Map<string, string>) {
    this.#path = path;
    this.#keys = keys;
  }

  static async open(folder: string): Promise<BatchJournal> {
    const path = join(folder, fileName);
    const text = await Bun.file(path)
      .text()
      .catch(() => '');
    const entries = text.split('\n').flatMap((line): [string, string][] => {
      const entry = lineSchema.safeParse(parseJson(line)).data;
      return entry ? [[entry.out, entry.key]] : [];
    });
    return new BatchJournal(path, new Map(entries));
  }

  /** Whether the result was made of just this. `out` is its name below the folder. */
  has(out: string, key: string): boolean {
    return this.#keys.get(out) === key;
  }

  async add(out: string, key: string): Promise<void> {
    await appendFile(this.#path, `${JSON.stringify({ out, key })}\n`);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
