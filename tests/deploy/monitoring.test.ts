import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDataFolder, startServerProcess, startWorkerProcess } from '../server/server-process.ts';
import { Visitor } from '../server/visitor.ts';
import { freePort } from '../services/ports.ts';
import { isInstalled, needs, type Program, pathOf } from '../services/programs.ts';
import { startRedis } from '../services/redis.ts';
import { removeFolder, Service, temporaryFolder } from '../services/service.ts';
import { until } from '../services/until.ts';
import { startProxy } from './proxy.ts';

const deploy = join(import.meta.dir, '..', '..', 'deploy');
const programs: readonly Program[] = [
  ...(['prometheus', 'promtool', 'prometheus-redis-exporter', 'prometheus-node-exporter'] as const),
  ...(['haproxy', 'redis-server', 'openssl'] as const),
];

interface Rule {
  readonly name: string;
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
}

describe.skipIf(!isInstalled('promtool'))(`deploy/prometheus${needs('promtool')}`, () => {
  const promtool = (...args: string[]) => {
    const { exitCode, stdout, stderr } = Bun.spawnSync([pathOf('promtool'), ...args], {
      cwd: join(deploy, 'prometheus'),
    });
    return { exitCode, output: `${stdout}${stderr}` };
  };

  test('configuration and rules are valid', () => {
    for (const file of ['prometheus.yml', 'hosts.yml']) {
      expect(promtool('check', 'config', '--syntax-only', file)).toMatchObject({ exitCode: 0 });
    }
    expect(promtool('check', 'rules', '--lint-fatal', 'alerts.yml')).toMatchObject({ exitCode: 0 });
  });

  test('each alert is raised when it should be, and not before', async () => {
    expect(promtool('test', 'rules', 'alerts.test.yml')).toMatchObject({ exitCode: 0 });
    const [rules, tests] = await Promise.all(
      ['alerts.yml', 'alerts.test.yml'].map((name) => readFile(join(deploy, 'prometheus', name), 'utf8')),
    );
    const names = (text = '', pattern: RegExp) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))];
    const raised = names(tests, /alertname: (\w+)\n +exp_alerts:/g);
    expect(raised.toSorted()).toEqual(names(rules, /alert: (\w+)/g).toSorted());
  });

  test.each(['vi/trien-khai.md', 'en/deployment.md'])('docs/%s tells what to do about each alert', async (name) => {
    const text = await readFile(join(deploy, '..', 'docs', name), 'utf8');
    const rules = await readFile(join(deploy, 'prometheus', 'alerts.yml'), 'utf8');
    for (const [, alert = '', runbook = ''] of rules.matchAll(/alert: (\w+)[\s\S]*?runbook: ([\w-]+)/g)) {
      expect(text).toContain(`\`${alert}\``);
      expect(text).toContain(`<a id="${runbook}"></a>`);
    }
  });
});

describe.skipIf(!programs.every(isInstalled))(`Prometheus asks a running fleet${programs.map(needs).join('')}`, () => {
  let stack: AsyncDisposableStack;
  let url: string;
  beforeAll(async () => {
    stack = new AsyncDisposableStack();
    const fleet = await openFleet(stack);
    url = await openPrometheus(stack, fleet);
    await until('everything was asked twice', async () => {
      const { activeTargets } = await api<{ activeTargets: { health: string; lastError: string }[] }>('targets');
      const bad = activeTargets.find(({ health }) => health !== 'up');
      if (bad) throw new Error(bad.lastError);
      const counted = await query('min(count_over_time(up[1m]))');
      return activeTargets.length === 5 && Number(counted[0]?.value[1]) >= 3;
    });
  }, 60_000);
  afterAll(() => stack?.disposeAsync());

  async function api<Data>(path: string): Promise<Data> {
    const response = await fetch(`${url}/api/v1/${path}`);
    const { data, error } = (await response.json()) as { data: Data; error?: string };
    if (error) throw new Error(`${path}: ${error}`);
    return data;
  }
  const query = async (expression: string) => {
    const asked = `query?query=${encodeURIComponent(expression)}`;
    return (await api<{ result: { value: [number, string] }[] }>(asked)).result;
  };

  test('every rule is evaluated, and every measure that it names is there', async () => {
    const { groups } = await api<{ groups: { rules: Rule[] }[] }>('rules');
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(12);
    for (const { name, query: expression, lastError } of rules) {
      expect({ name, lastError: lastError ?? '' }).toEqual({ name, lastError: '' });
      for (const [metric] of expression.matchAll(/\b(?:giong|redis|node|haproxy|process|nodejs)_\w+|\bup\b/g)) {
        expect({ name, metric, there: (await query(metric)).length > 0 }).toEqual({ name, metric, there: true });
      }
    }
  });

  test('every panel of the dashboard shows something', async () => {
    interface Panel {
      readonly title: string;
      readonly targets?: readonly { readonly expr: string }[];
    }
    const { panels } = (await Bun.file(join(deploy, 'grafana', 'dashboard.json')).json()) as { panels: Panel[] };
    const empty: string[] = [];
    for (const { title, targets = [] } of panels) {
      for (const { expr } of targets) {
        const result = await query(expr.replaceAll('$__rate_interval', '1m'));
        if (result.length === 0) empty.push(`${title}: ${expr}`);
      }
    }
    expect(empty).toEqual([]);
  });
});

interface FleetPorts {
  readonly server: number;
  readonly worker: number;
  readonly redis: number;
  readonly statsUrl: string;
}

/** A server and a process that converts, on Redis and behind HAProxy, which have done some work. */
async function openFleet(stack: AsyncDisposableStack): Promise<FleetPorts> {
  const folder = stack.use(await makeDataFolder());
  const redis = await startRedis(['--maxmemory', '64mb']);
  stack.defer(() => redis.stop());
  const environment = { REDIS_URL: redis.url, GIONG_PROXIES: '1', GIONG_ADMIN_KEY: 'sesame', GIONG_HOST: '127.0.0.1' };
  const [server, worker] = [freePort(), freePort()];
  const [replica, converting] = await Promise.all([
    startServerProcess(folder.path, { ...environment, GIONG_WORKERS: '0' }, server),
    startWorkerProcess(folder.path, { ...environment, GIONG_METRICS_PORT: `${worker}` }),
  ]);
  stack.defer(() => replica.kill());
  stack.defer(() => converting.kill());
  const proxy = stack.use(await startProxy([`127.0.0.1:${server}`], { GIONG_STATS_PASSWORD: 'open' }));
  const visitor = new Visitor(replica);
  await visitor.fetch('/api/session');
  using news = await visitor.listen();
  for (const seed of [1, 2]) {
    const { id } = await visitor.convert({ source: 'sample-english', voice: 'sample-1688', seed });
    await news.ended(id);
  }
  return { server, worker, redis: redis.port, statsUrl: proxy.statsUrl };
}

/** Prometheus with the project's configuration for hosts, other ports put in; and the two exporters. */
async function openPrometheus(stack: AsyncDisposableStack, fleet: FleetPorts): Promise<string> {
  const [port, redisPort, nodePort] = [freePort(), freePort(), freePort()];
  const start = async (name: Program, ready: string, ...args: string[]) => {
    const folder = await temporaryFolder(name);
    const service = await Service.start({
      name,
      command: [pathOf(name), ...args.map((arg) => arg.replace('@', folder))],
      folder,
      ready: () => until(`${name} answers`, async () => (await fetch(ready)).ok),
    });
    stack.defer(async () => {
      await service.stop();
      await removeFolder(folder);
    });
  };
  const address = (which: number) => `127.0.0.1:${which}`;
  await Promise.all([
    start(
      'prometheus-redis-exporter',
      `http://${address(redisPort)}/health`,
      ...['-web.listen-address', address(redisPort), '-redis.addr', ''],
    ),
    start('prometheus-node-exporter', `http://${address(nodePort)}/`, '--web.listen-address', address(nodePort)),
  ]);

  const folder = await temporaryFolder('prometheus-configuration');
  stack.defer(() => removeFolder(folder));
  await writeFile(join(folder, 'key'), 'sesame');
  await writeFile(join(folder, 'password'), 'open');
  const replacements: readonly (readonly [string | RegExp, string])[] = [
    [/(scrape|evaluation)_interval: 10s/g, '$1_interval: 1s'],
    ['/etc/prometheus/giong-alerts.yml', join(deploy, 'prometheus', 'alerts.yml')],
    ['/etc/prometheus/giong-admin-key', join(folder, 'key')],
    ['/etc/prometheus/giong-stats-password', join(folder, 'password')],
    ['127.0.0.1:8081', address(fleet.server)],
    ['127.0.0.1:9101', address(fleet.worker)],
    ['127.0.0.1:8404', new URL(fleet.statsUrl).host],
    ['127.0.0.1:6379', address(fleet.redis)],
    ['127.0.0.1:9121', address(redisPort)],
    ['127.0.0.1:9100', address(nodePort)],
  ];
  let configuration = await readFile(join(deploy, 'prometheus', 'hosts.yml'), 'utf8');
  for (const [from, to] of replacements) {
    const replaced = configuration.replace(from, to);
    if (replaced === configuration) throw new Error(`hosts.yml has no ${from}`);
    configuration = replaced;
  }
  await writeFile(join(folder, 'prometheus.yml'), configuration);
  await start(
    'prometheus',
    `http://${address(port)}/-/ready`,
    ...[
      `--config.file=${join(folder, 'prometheus.yml')}`,
      '--storage.tsdb.path=@',
      `--web.listen-address=${address(port)}`,
    ],
  );
  return `http://${address(port)}`;
}
