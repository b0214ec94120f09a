import { describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { makeCertificate } from '../services/certificate.ts';
import { needsMoto } from '../services/moto.ts';
import { isInstalled, needs, pathOf } from '../services/programs.ts';
import { removeFolder, temporaryFolder } from '../services/service.ts';

const root = join(import.meta.dir, '..', '..');
const deploy = join(root, 'deploy');
const script = join(deploy, 'deploy-multiuser.sh');
/** `.ci/run` puts it beside moto. */
const hadolint = join(root, 'node_modules', '.cache', 'giong', 'moto', 'bin', 'hadolint');

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

  test('never promises more than the machine has, whatever is asked for', () => {
    const cases = [1, 4, 8, 16, 32, 96].flatMap((cores) =>
      [1, 200, 1000].flatMap((users) => [1, 8].map((instances) => ({ cores, users, instances }))),
    );
    // One shell for all of them: a hundred would take seconds.
    const lines = cases.map(
      ({ cores, users, instances }) => `plan ${cores} $((${cores} * 2 + 6)) ${instances} ${users}`,
    );
    const reckon = `
      fail() { echo "$*" >&2; exit 1; }
      plan() { cores=$1 memory=$2 instances=$3 users=$4; make_plan; echo "$((processes * process_mib + instances * server_mib + rest_mib)) $connections $connections_per_address $workers"; }
      . ${join(deploy, 'lib', 'plan.sh')}\n`;
    const { exitCode, output } = run(['bash', '-euc', reckon + lines.join('\n')]);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    for (const [index, line] of output.trim().split('\n').entries()) {
      const { cores = 0, users = 0 } = cases[index] ?? {};
      const [mebibytes = 0, connections = 0, ofOneAddress = 0, workers = 0] = line.split(' ').map(Number);
      expect(mebibytes).toBeLessThanOrEqual((cores * 2 + 6) * 1024);
      // Two open files each, of 65536.
      expect(connections).toBeLessThanOrEqual(30_000);
      expect(ofOneAddress).toBeGreaterThanOrEqual(users * 6);
      expect(workers).toBeLessThanOrEqual(Math.min(cores, 64));
    }
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

  test('refuses a certificate without its key', async () => {
    await using folder = await temporary();
    const file = join(folder.path, 'certificate.pem');
    const { certificate, key } = makeCertificate(folder.path);
    await writeFile(file, await readFile(certificate));
    const check = () => run([script, '--dry-run', '--certificate', file, 'systemd', '1', '1']);
    expect(check()).toMatchObject({ exitCode: 1, output: expect.stringContaining('its own key') });
    await writeFile(file, `${await readFile(certificate, 'utf8')}${await readFile(key, 'utf8')}`);
    expect(check()).toMatchObject({ exitCode: 0 });
  });

  test('remembers for containers what was chosen, so that no database goes without a word', async () => {
    await using folder = await temporary();
    const destination = { DESTDIR: folder.path };
    expect(run([script, '--postgres', '--redis', 'cluster', 'docker', '2', '20'], destination)).toMatchObject({
      exitCode: 0,
    });
    const file = join(folder.path, deploy, '.env');
    const first = await readFile(file, 'utf8');
    const secrets = await contentsOf(join(folder.path, deploy, 'secrets'));
    expect(Object.keys(secrets)).toHaveLength(7);
    expect(run([script, 'docker', '2', '20'], destination)).toMatchObject({ exitCode: 0 });
    expect(await readFile(file, 'utf8')).toBe(first);
    expect(await contentsOf(join(folder.path, deploy, 'secrets'))).toEqual(secrets);
    expect(first).toMatch(/^GIONG_REDIS=cluster\nGIONG_POSTGRES=yes$/m);
  });

  test('puts a whole installation into a folder; twice is as once; what was put there runs; and takes all of it away', async () => {
    await using folder = await temporary();
    const destination = { DESTDIR: folder.path };
    const etc = join(folder.path, 'etc');
    await mkdir(join(etc, 'haproxy'), { recursive: true });
    await mkdir(join(etc, 'giong'));
    await writeFile(join(etc, 'haproxy', 'haproxy.cfg'), 'the one before');
    await writeFile(join(etc, 'giong', 'haproxy-own.cfg'), 'global\n    setenv GIONG_REPLICA_4 10.0.0.4:8081\n');
    const machine = ['--cores', '4', '--memory', '8', '--monitoring'];
    // A careful administrator's mask must not keep the services from reading the program.
    const install = (instances: string) =>
      run(['sh', '-c', 'umask 077; exec "$@"', 'sh', script, ...machine, 'systemd', instances, '20'], destination);
    expect(install('2')).toMatchObject({ exitCode: 0 });
    const first = await contentsOf(etc);
    expect(install('2')).toMatchObject({ exitCode: 0 });
    expect(await contentsOf(etc)).toEqual(first);

    expect(first['systemd/system/giong-worker@2.service.d/50-machine.conf']).toContain('CPUAffinity=2-3');
    expect(first['giong/worker-2.env']).toContain('GIONG_WORKERS=2');
    expect(first['haproxy/haproxy.cfg']).toContain('setenv GIONG_REPLICA_2 127.0.0.1:8082');
    expect(first['prometheus/prometheus.yml']).toContain("'127.0.0.1:8082', '127.0.0.1:9101', '127.0.0.1:9102'");
    for (const secret of ['giong/giong.env', 'giong/certificate.pem', 'giong/redis-password', 'haproxy/haproxy.cfg']) {
      expect((await stat(join(etc, secret))).mode & 0o007).toBe(0);
    }
    const program = join(folder.path, 'opt', 'giong');
    expect((await stat(join(program, 'server', 'main.ts'))).mode & 0o777).toBe(0o644);
    expect((await stat(join(program, 'node_modules', 'hono'))).mode & 0o005).toBe(0o005);
    // Its own command, with this folder for the root; the file is read as systemd reads it.
    const giong = join(program, 'bin', 'giong');
    const command = (await readFile(giong, 'utf8')).replace('runuser -u giong --preserve-environment -- ', '');
    await writeFile(giong, command.replaceAll(/(?<=[ <])\/(opt|etc)\/giong/g, `${folder.path}/$1/giong`));
    const extra = `DATABASE_URL="postgres://a:$1@127.0.0.1:1/b?x=1&y=2"\nREDIS_URL=\n`;
    await appendFile(join(etc, 'giong', 'giong.env'), extra);
    const answer = run([giong, 'doctor', '--json'], { GIONG_DATA: join(folder.path, 'data'), PORT: '0' });
    const { files, checks } = JSON.parse(answer.output) as { files: { state: string }[]; checks: Check[] };
    expect(files.every(({ state }) => state === 'good')).toBe(true);
    expect(checks.find(({ id }) => id === 'postgres')).toMatchObject({
      finding: expect.stringContaining('127.0.0.1:1'),
    });
    expect(await Bun.file(join(program, 'client', 'dist', 'index.html')).exists()).toBe(true);

    if (isInstalled('haproxy')) {
      const configuration = join(folder.path, 'haproxy.cfg');
      const text = first['haproxy/haproxy.cfg'] ?? '';
      expect(text).toContain('setenv GIONG_REPLICA_4 10.0.0.4:8081');
      await writeFile(configuration, text.replaceAll('/etc/giong/', `${etc}/giong/`));
      expect(run([pathOf('haproxy'), '-c', '-f', configuration])).toMatchObject({ exitCode: 0 });
    }

    expect(run([script, '--purge', 'uninstall', 'systemd'], destination)).toMatchObject({ exitCode: 0 });
    const left = Object.keys(await contentsOf(folder.path)).filter((name) => /giong/.test(name));
    expect(left).toEqual([]);
    expect(await readFile(join(etc, 'haproxy', 'haproxy.cfg'), 'utf8')).toBe('the one before');
  }, 60_000);
});

interface Check {
  readonly id: string;
  readonly finding: string;
}

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

test.skipIf(!isInstalled('systemd-analyze'))(
  `the nightly backup is valid, and comes every night${needs('systemd-analyze')}`,
  async () => {
    await using folder = await temporary();
    const read = (name: string) => readFile(join(deploy, 'systemd', name), 'utf8');
    const [service, timer] = [join(folder.path, 'giong-backup.service'), join(folder.path, 'giong-backup.timer')];
    await writeFile(service, (await read('giong-backup.service')).replace('/opt/giong/deploy', deploy));
    await writeFile(timer, await read('giong-backup.timer'));
    expect(run(['systemd-analyze', 'verify', '--man=no', service, timer])).toEqual({ exitCode: 0, output: '' });
    const calendar = /^OnCalendar=(.*)$/m.exec(await read('giong-backup.timer'))?.[1] ?? '';
    const { output } = run([
      'systemd-analyze',
      'calendar',
      '--iterations=2',
      '--base-time=2026-01-01 00:00:00',
      calendar,
    ]);
    expect(output.match(/2026-01-0\d 03:00:00/g)).toEqual(
      expect.arrayContaining(['2026-01-01 03:00:00', '2026-01-02 03:00:00']),
    );
  },
);

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

  const docker = Bun.which('docker');
  const hasStackConfig = docker !== null && run([docker, 'stack', 'config', '--help']).exitCode === 0;
  test.skipIf(!hasStackConfig).each([['sentinel'], ['cluster'], ['sentinel', 'postgres']])(
    `with %s %s is a stack for a Swarm${hasStackConfig ? '' : ' (needs the docker client, 25 or newer)'}`,
    (...parts) => {
      const files = ['docker-compose.production.yml', ...parts.map((part) => `docker/${part}.yml`)];
      const { exitCode, output } = run([
        docker ?? '',
        'stack',
        'config',
        ...files.flatMap((file) => ['-c', join(deploy, file)]),
      ]);
      expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      // The addresses of clients survive only so.
      expect(output).toMatch(/mode: host\n +target: 443/);
    },
  );

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

test.skipIf(!existsSync(hadolint))(
  `hadolint finds nothing in the Dockerfile${existsSync(hadolint) ? '' : needsMoto}`,
  () => {
    expect(run([hadolint, join(deploy, 'docker', 'Dockerfile')])).toEqual({ exitCode: 0, output: '' });
  },
);

// Building the image needs a container engine, which no test machine has: what it must be is read from the file.
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
