import { onOneCore } from './core-pinning.ts';

/** How a command ran, on one core. */
export interface Run {
  readonly stdout: string;
  readonly wallSeconds: number;
  /** User and system time. */
  readonly cpuSeconds: number;
  /** Largest resident memory that it ever had, in MiB. */
  readonly peakMebibytes: number;
}

/** Runs a command to its end on one core. Throws an `Error` with what it said when it fails. */
export async function runOnOneCore(...command: string[]): Promise<Run> {
  const start = performance.now();
  const child = Bun.spawn([...onOneCore, ...command], { stdout: 'pipe', stderr: 'pipe' });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const wallSeconds = (performance.now() - start) / 1000;
  if (code !== 0) throw new Error(`${command.join(' ')}\nended with ${code}: ${stdout}${stderr}`);
  const usage = child.resourceUsage();
  if (!usage) throw new Error(`${command.join(' ')}: no resource usage`);
  return {
    stdout,
    wallSeconds,
    cpuSeconds: Number(usage.cpuTime.total) / 1e6,
    peakMebibytes: usage.maxRSS / 2 ** 20,
  };
}
