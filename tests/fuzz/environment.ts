import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The schemathesis that `tests/fuzz/install` put in place, or undefined. */
export function findSchemathesis(): string | undefined {
  const hash = new Bun.CryptoHasher('sha256').update(readFileSync(join(import.meta.dir, 'requirements.txt')));
  const { XDG_CACHE_HOME } = process.env;
  const folder = join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'giong', `fuzz-${hash.digest('hex').slice(0, 12)}`);
  return existsSync(join(folder, 'ready')) ? join(folder, 'bin', 'schemathesis') : undefined;
}

/** What a skipped test says in its name. */
export function needsSchemathesis(): string {
  if (findSchemathesis()) return '';
  return Bun.which('python3') ? ' (run tests/fuzz/install first)' : ' (needs the Debian package python3-venv)';
}
