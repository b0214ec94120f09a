import type { Words } from './words.ts';

export interface ProgressDisplay {
  update(fraction: number): void;
  stop(): void;
}

/** A bar on standard error when a person watches it; otherwise nothing. */
export async function startProgress(words: Words): Promise<ProgressDisplay> {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const { SingleBar } = await import('cli-progress');
  const bar = new SingleBar({
    format: `${words.converting} {bar} {percentage} % · ${words.secondsLeft} {eta} s`,
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(1, 0);
  let running = true;
  return {
    update: (fraction) => bar.update(fraction),
    stop() {
      if (running) bar.stop();
      running = false;
    },
  };
}
