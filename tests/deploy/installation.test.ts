import { describe, expect, test } from 'bun:test';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { isInstalled, needs, pathOf } from '../services/programs.ts';
import { removeFolder, temporaryFolder } from '../services/service.ts';

const root = join(import.meta.dir, '..', '..');
const deploy = join(root, 'deploy');
const script = join(deploy, 'deploy-multiuser.sh');

/** Runs a program; its exit code and all that it said. */
function run(command: readonly string[], environment: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  return { exitCode, output: `${stdout}${stderr}` };
}

async function temporary(): Promise<{ path: string } & AsyncDisposable> {
  const path = await temporaryFolder('installation');
  return { path, [Symbol.asyncDispose]: () => removeFolder(path) };
}

describe('deploy-multiuser.sh', () => {
  test.each([
    ['systemd', 4, 8, 2, 20, { processes: 2, workers: 4 }],
    ['docker', 8, 16, 3, 50, { processes: 3, workers: 8 }],
    ['docker', 16, 32, 4, 100, { processes: 4, workers: 16 }],
    ['docker', 32, 64, 6, 200, { processes: 6, workers: 32 }],
    // Memory for fewer workers than cores; fewer workers than instances.
    ['docker', 16, 4, 2, 20, { processes: 2, workers: 4 }],
    ['systemd', 1, 4, 3, 5, { processes: 1, workers: 1 }],
  ] as const)('%s, %d cores, %d GiB, %d instances for %d users', (kind, cores, memory, instances, users, plan) => {
    const machine = ['--cores', `${cores}`, '--memory', `${memory}`];
    const { exitCode, output } = run([script, '--dry-run', ...machine, kind, `${instances}`, `${users}`]);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    const numberOf = (what: string) => Number(new RegExp(`\\(${what}\\) +(\\d+)`).exec(output)?.[1]);
    expect({ processes: numberOf('processes'), workers: numberOf('workers') }).toEqual({ ...plan });
    expect(numberOf('servers')).toBe(instances);
    expect(numberOf('connections')).toBeGreaterThanOrEqual(users * 20);
  });

  test.each([[[]], [['kubernetes', '2', '20']], [['systemd', '0', '20']], [['systemd', '2', 'many']], [['--memory']]])(
    'used wrongly, %p: says how',
    (args) => {
      expect(run([script, ...args])).toMatchObject({
        exitCode: 2,
        output: expect.stringContaining('<systemd|docker>'),
      });
    },
  );

  test('puts a whole installation into a folder; twice is as once; what was put there runs; and takes all of it away', async () => {
    await using folder = await temporary();
    const destination = { DESTDIR: folder.path };
    const machine = ['--cores', '4', '--memory', '8', '--monitoring'];
    const install = (instances: string) => run([script, ...machine, 'systemd', instances, '20'], destination);
    expect(install('2')).toMatchObject({ exitCode: 0 });
    const etc = join(folder.path, 'etc');
    const first = await contentsOf(etc);
    expect(install('2')).toMatchObject({ exitCode: 0 });
    expect(await contentsOf(etc)).toEqual(first);

    expect(first['systemd/system/giong-worker@2.service.d/50-machine.conf']).toContain('CPUAffinity=2-3');
    expect(first['giong/worker-2.env']).toContain('GIONG_WORKERS=2');
    expect(first['giong/haproxy.env']).toContain('GIONG_REPLICA_2=127.0.0.1:8082');
    expect(first['prometheus/prometheus.yml']).toContain("'127.0.0.1:8082', '127.0.0.1:9101', '127.0.0.1:9102'");
    for (const secret of ['giong.env', 'haproxy.env', 'certificate.pem', 'redis-password']) {
      expect((await stat(join(etc, 'giong', secret))).mode & 0o007).toBe(0);
    }
    const program = join(folder.path, 'opt', 'giong');
    const answer = run([join(program, 'bin', 'bun'), join(program, 'server', 'cli', 'main.ts'), 'doctor', '--json'], {
      GIONG_DATA: join(folder.path, 'data'),
      PORT: '0',
    });
    const { files } = JSON.parse(answer.output) as { files: { state: string }[] };
    expect(files.every(({ state }) => state === 'good')).toBe(true);
    expect(await Bun.file(join(program, 'client', 'dist', 'index.html')).exists()).toBe(true);

    expect(run([script, '--purge', 'uninstall', 'systemd'], destination)).toMatchObject({ exitCode: 0 });
    const left = Object.keys(await contentsOf(folder.path)).filter((name) => /giong/.test(name));
    expect(left.filter((name) => !name.startsWith('etc/prometheus/'))).toEqual([]);
  }, 60_000);
});

/** Text of every file below a folder, by its path there. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file, 'utf8')])),
  );
}

describe.skipIf(!isInstalled('systemd-analyze'))(`deploy/systemd${needs('systemd-analyze')}`, () => {
  test.each(['giong-server', 'giong-worker'])('%s@ is valid, and exposed by 3.0 at most', async (name) => {
    await using folder = await temporary();
    const text = await readFile(join(deploy, 'systemd', `${name}@.service`), 'utf8');
    // Verification wants the program to be there.
    const unit = join(folder.path, `${name}@.service`);
    await writeFile(unit, text.replace('/opt/giong/bin/bun', process.execPath));
    expect(run(['systemd-analyze', 'verify', '--man=no', unit])).toEqual({ exitCode: 0, output: '' });
    const { output } = run(['systemd-analyze', 'security', '--offline=true', unit]);
    expect(Number(/exposure level for .*: ([\d.]+)/.exec(output)?.[1])).toBeLessThanOrEqual(3);
    for (const limit of ['CPUQuota', 'MemoryMax', 'LimitNOFILE']) expect(text).toMatch(new RegExp(`^${limit}=`, 'm'));
  });
});

describe.skipIf(!isInstalled('docker-compose'))(`docker-compose.production.yml${needs('docker-compose')}`, () => {
  test.each([['sentinel'], ['cluster'], ['sentinel', 'postgres']])('with %s %s is valid', (...parts) => {
    const files = ['docker-compose.production.yml', ...parts.map((part) => `docker/${part}.yml`)];
    const args = files.flatMap((file) => ['-f', join(deploy, file)]);
    const { exitCode, output } = run([pathOf('docker-compose'), ...args, 'config']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    for (const service of ['server', 'worker', 'haproxy', 'prometheus', 'grafana', 'redis-1']) {
      expect(output).toMatch(new RegExp(`^  ${service}:$`, 'm'));
    }
  });

  test('takes every file that it names from where it stands', async () => {
    for (const file of ['docker-compose.production.yml', 'docker/sentinel.yml', 'docker/cluster.yml']) {
      const text = await readFile(join(deploy, file), 'utf8');
      // Paths of all files are relative to the folder of the first.
      for (const [, path = ''] of text.matchAll(/\{ file: (\S+) \}/g)) {
        if (!path.startsWith('./secrets/'))
          expect({ path, there: await Bun.file(join(deploy, path)).exists() }).toEqual({ path, there: true });
      }
    }
  });
});

// hadolint is no Debian package: what it would say first is asked here in our own words. Building the image needs a container engine.
test('the Dockerfile: a small base of a fixed version, nothing of the developers in it, no root, a health check', async () => {
  const text = await readFile(join(deploy, 'docker', 'Dockerfile'), 'utf8');
  const { config } = await Bun.file(join(root, 'package.json')).json();
  expect(text).toContain(`ARG BUN=${config.bun}\n`);
  const stages = text.split(/^FROM /m).slice(1);
  expect(stages.length).toBe(2);
  const last = stages.at(-1) ?? '';
  expect(last).toStartWith(`oven/bun:\${BUN}-slim`);
  expect(last).toMatch(/^USER [1-9]\d*:[1-9]\d*$/m);
  expect(last).toMatch(/^HEALTHCHECK .*CMD \[/m);
  expect(last).toMatch(/^ENTRYPOINT \[/m);
  expect(text).not.toMatch(/:latest|^ADD |\bsudo\b|apt-get/m);
  const ignored = await readFile(join(deploy, 'docker', 'Dockerfile.dockerignore'), 'utf8');
  for (const [, sources = ''] of text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)) {
    for (const source of sources.split(' ').filter((word) => !word.startsWith('--'))) {
      expect({ source, sent: ignored.includes(`!${source.replace(/(entrypoint|health)\.sh/, '*.sh')}\n`) }).toEqual({
        source,
        sent: true,
      });
    }
  }
});

test('the entrypoint makes variables of secrets, and the health check tells a server that answers from none', async () => {
  await using folder = await temporary();
  const secrets = join(folder.path, 'secrets');
  await mkdir(secrets);
  await writeFile(join(secrets, 'giong_admin_key'), 'sesame');
  await writeFile(join(secrets, 'postgres_password'), 'geheim');
  const print = join(folder.path, 'print');
  await writeFile(print, '#!/bin/sh\necho "$GIONG_ADMIN_KEY $DATABASE_URL $2"\n', { mode: 0o755 });
  const environment = {
    GIONG_SECRETS: secrets,
    GIONG_BUN: print,
    DATABASE_URL: 'postgres://giong:PASSWORD@postgres/giong',
  };
  const { output } = run([join(deploy, 'docker', 'entrypoint.sh'), 'worker'], environment);
  expect(output).toBe('sesame postgres://giong:geheim@postgres/giong worker\n');

  const health = async (port: number) => {
    const child = Bun.spawn([join(deploy, 'docker', 'health.sh')], {
      env: { ...process.env, GIONG_BUN: process.execPath, PORT: `${port}`, GIONG_METRICS_PORT: '' },
    });
    return child.exited;
  };
  const server = Bun.serve({ port: 0, fetch: () => new Response('ok') });
  const { port = 0 } = server;
  expect(await health(port)).toBe(0);
  await server.stop(true);
  expect(await health(port)).toBe(1);
});

test.skipIf(!isInstalled('shellcheck'))(`shellcheck finds nothing in any script${needs('shellcheck')}`, () => {
  const { stdout } = Bun.spawnSync(['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  const scripts = stdout
    .toString()
    .split('\0')
    .filter((name) => name.endsWith('.sh') || name === '.ci/run' || name === 'tests/fuzz/install');
  expect(scripts.length).toBeGreaterThan(8);
  expect(run([pathOf('shellcheck'), ...scripts])).toEqual({ exitCode: 0, output: '' });
});
