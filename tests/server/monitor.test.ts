import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { freePort } from '../services/ports.ts';
import { makeDataFolder, type ServerProcess, startServerProcess } from './server-process.ts';

const main = join(import.meta.dir, '..', '..', 'server', 'cli', 'main.ts');

let folder: Awaited<ReturnType<typeof makeDataFolder>>;
let server: ServerProcess;
let port: number;
const start = () => startServerProcess(folder.path, {}, port);
beforeAll(async () => {
  folder = await makeDataFolder();
  port = freePort();
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await folder[Symbol.asyncDispose]();
});

function startMonitor(...args: readonly string[]) {
  return Bun.spawn([process.execPath, main, 'monitor', '--url', `http://127.0.0.1:${port}`, ...args], {
    env: { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '' },
    stdout: 'pipe',
    stderr: 'pipe',
  });
}

describe('giong monitor', () => {
  test('--once prints one picture for people, or one object for programs', async () => {
    const child = startMonitor('--once');
    const picture = await new Response(child.stdout).text();
    expect(await child.exited).toBe(0);
    expect(picture).toMatch(/^Giọng \S+ · http:\/\/127\.0\.0\.1:\d+ +(ready|NOT READY)\n/);
    expect(picture).toMatch(/[01]\/1 busy/);
    const json = startMonitor('--once', '--json');
    const { stats, queue, ready } = JSON.parse(await new Response(json.stdout).text());
    expect(await json.exited).toBe(0);
    expect({ workers: stats.fleet.workers, queued: queue.queued, database: ready.checks.database }).toEqual({
      workers: 1,
      queued: 0,
      database: true,
    });
  });

  test('--once fails where nobody answers', async () => {
    const child = startMonitor('--once', '--url', `http://127.0.0.1:${freePort()}`);
    expect(await child.exited).toBe(1);
  });

  test('goes on while the server is away, shows it again when it is back, and ends cleanly', async () => {
    const child = startMonitor('--json', '--interval', '0.1');
    const pictures = linesOf(child.stdout);
    await pictures.until((picture) => 'stats' in picture);
    await server.kill();
    await pictures.until((picture) => 'error' in picture);
    server = await start();
    await pictures.until((picture) => 'stats' in picture);
    child.kill('SIGINT');
    expect(await child.exited).toBe(0);
    expect(await new Response(child.stderr).text()).toBe('');
  });

  test.if(Bun.which('script') !== null)('in a terminal: Ctrl-C gives the screen and the cursor back', async () => {
    // exec: a shell that stays the parent (dash does) would be interrupted too, and its status is then not the monitor's.
    const command = ['exec', process.execPath, main, 'monitor', '--url', `http://127.0.0.1:${port}`].join(' ');
    const terminal = Bun.spawn(['script', '--quiet', '--return', '--command', command, '/dev/null'], {
      env: { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '' },
      stdin: 'pipe',
      stdout: 'pipe',
    });
    let shown = '';
    for await (const chunk of terminal.stdout) {
      const before = shown;
      shown += new TextDecoder().decode(chunk);
      if (!before.includes(' busy') && shown.includes(' busy')) {
        terminal.stdin.write('\x03');
        await terminal.stdin.flush();
      }
    }
    expect(await terminal.exited).toBe(0);
    expect(shown).toStartWith('\x1b[?1049h\x1b[?25l');
    expect(shown.trimEnd()).toEndWith('\x1b[?25h\x1b[?1049l');
  });
});

function linesOf(stream: ReadableStream<Uint8Array>) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  return {
    /** Reads on until a line of JSON is as wanted. */
    async until(isWanted: (picture: object) => boolean): Promise<void> {
      for (;;) {
        const end = rest.indexOf('\n');
        if (end < 0) {
          const { value, done } = await reader.read();
          if (done) throw new Error('the monitor ended');
          rest += decoder.decode(value, { stream: true });
          continue;
        }
        const picture: object = JSON.parse(rest.slice(0, end));
        rest = rest.slice(end + 1);
        if (isWanted(picture)) return;
      }
    },
  };
}
