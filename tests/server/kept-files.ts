import { readdir } from 'node:fs/promises';

/** Names of all files that a server keeps in its data folder, but for its database. */
export async function keptFiles(dataFolder: string): Promise<string[]> {
  const entries = await readdir(dataFolder, { recursive: true, withFileTypes: true });
  const kept = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('giong.'));
  return kept.map((entry) => entry.name).toSorted();
}
