import { parseConfig } from '../config.ts';
import type { State } from '../observe/doctor/check.ts';
import { examine } from '../observe/doctor/examine.ts';
import { exitCodes, type Voice } from './outcome.ts';
import type { Words } from './words.ts';

interface DoctorFlags {
  readonly port?: string;
  readonly data?: string;
}

const marks: Readonly<Record<State, string>> = { good: '✓', warning: '!', bad: '✗' };

/** `giong doctor`: exit code 1 when something is bad. Throws `InputError('option-invalid')`, `UnavailableError('model-missing')`. */
export async function doctor({ data, ...flags }: DoctorFlags, { json, language }: Voice, words: Words): Promise<void> {
  const config = parseConfig(process.env, { ...flags, ...(data !== undefined && { dataFolder: data }) });
  const findings = await examine(config);
  const { versions, checks } = findings;
  const count = (state: State) => checks.filter((check) => check.state === state).length;
  if (count('bad') > 0) process.exitCode = exitCodes.failed;
  if (json) {
    const worded = checks.map(({ id, state, finding, advice }) => {
      return { id, state, finding: finding[language], advice: advice?.[language] ?? null };
    });
    console.log(JSON.stringify({ ...findings, checks: worded }));
    return;
  }
  console.log(`giong ${versions.giong}, Bun ${versions.bun}, ${versions.platform}`);
  for (const { state, finding, advice } of checks) {
    console.log(`${marks[state]} ${finding[language]}`);
    if (advice) console.log(`  → ${advice[language]}`);
  }
  console.log(`${count('good')} ${words.good}, ${count('warning')} ${words.warnings}, ${count('bad')} ${words.bad}`);
}
