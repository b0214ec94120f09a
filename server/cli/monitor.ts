import { UnavailableError } from '#core/errors.ts';
import { pauseFor } from '../redis/outage.ts';
import { type Snapshot, takeSnapshot } from './monitor-source.ts';
import { renderMonitor } from './monitor-view.ts';
import { UsageError, type Voice } from './outcome.ts';

interface MonitorFlags {
  readonly url?: string;
  readonly key?: string;
  readonly interval?: string;
  readonly once?: boolean;
}

const defaultInterval = 3;
/** The terminal's second screen, without a cursor, and the way back; the beginning of a picture, of its lines, its end. */
const screen = {
  open: '\x1b[?1049h\x1b[?25l',
  close: '\x1b[?25h\x1b[?1049l',
  home: '\x1b[H',
  clearLine: '\x1b[K',
  clearRest: '\x1b[J',
};

/**
 * `giong monitor`: shows what a server does until SIGINT or SIGTERM, also while it is away; `--once` prints one picture.
 * With `--json` each picture is a line of JSON. Throws `UsageError`, and with `--once` `UnavailableError('busy')` when nobody answers.
 */
export async function monitor(flags: MonitorFlags, voice: Voice): Promise<void> {
  const { url, key, seconds } = parse(flags);
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const isScreen = process.stdout.isTTY && !flags.once && !voice.json;
  if (isScreen) process.stdout.write(screen.open);
  let last: Snapshot | undefined;
  try {
    while (!stopping.signal.aborted) {
      const answer = await takeSnapshot(url, key, stopping.signal).catch((error: unknown) => String(error));
      if (stopping.signal.aborted) return;
      const silence = typeof answer === 'string' ? answer : undefined;
      if (typeof answer !== 'string') last = answer;
      else if (flags.once) throw new UnavailableError('busy', {}, { cause: new Error(answer) });
      if (voice.json)
        console.log(JSON.stringify(typeof answer === 'string' ? { at: new Date(), error: answer } : answer));
      else draw(renderMonitor(url.origin, last, silence, voice.language), isScreen);
      if (flags.once) return;
      await pauseFor(seconds * 1000, stopping.signal);
    }
  } finally {
    if (isScreen) process.stdout.write(screen.close);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function draw(lines: readonly string[], isScreen: boolean): void {
  const end = `${isScreen ? screen.clearLine : ''}\n`;
  const picture = lines.map((line) => line + end).join('');
  process.stdout.write(isScreen ? `${screen.home}${picture}${screen.clearRest}` : `${picture}\n`);
}

function parse({ url, key, interval }: MonitorFlags) {
  const { PORT, GIONG_ADMIN_KEY } = process.env;
  const parsed = URL.parse(url ?? `http://localhost:${PORT || 8080}`);
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw new UsageError('--url');
  const seconds = Number(interval ?? defaultInterval);
  if (!(seconds >= 0.1 && seconds <= 3600)) throw new UsageError('--interval');
  return { url: parsed, key: key ?? (GIONG_ADMIN_KEY || undefined), seconds };
}
