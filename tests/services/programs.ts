import { existsSync, globSync } from 'node:fs';

/** Programs that the tests start for real, where Debian puts them, and the package that brings each. */
const programs = {
  'redis-server': { package: 'redis-server', paths: ['/usr/bin/redis-server'] },
  'redis-sentinel': { package: 'redis-sentinel', paths: ['/usr/bin/redis-sentinel'] },
  openssl: { package: 'openssl', paths: ['/usr/bin/openssl'] },
  curl: { package: 'curl', paths: ['/usr/bin/curl'] },
  haproxy: { package: 'haproxy', paths: ['/usr/sbin/haproxy'] },
  shellcheck: { package: 'shellcheck', paths: ['/usr/bin/shellcheck'] },
  'systemd-analyze': { package: 'systemd', paths: ['/usr/bin/systemd-analyze'] },
  'docker-compose': { package: 'docker-compose', paths: ['/usr/bin/docker-compose'] },
  promtool: { package: 'prometheus', paths: ['/usr/bin/promtool'] },
  prometheus: { package: 'prometheus', paths: ['/usr/bin/prometheus'] },
  'prometheus-redis-exporter': {
    package: 'prometheus-redis-exporter',
    paths: ['/usr/bin/prometheus-redis-exporter'],
  },
  'prometheus-node-exporter': { package: 'prometheus-node-exporter', paths: ['/usr/bin/prometheus-node-exporter'] },
  gpg: { package: 'gnupg', paths: ['/usr/bin/gpg'] },
  // Debian keeps them out of PATH, one folder a version.
  initdb: { package: 'postgresql', paths: globSync('/usr/lib/postgresql/*/bin/initdb') },
  pg_dump: { package: 'postgresql', paths: globSync('/usr/lib/postgresql/*/bin/pg_dump') },
  postgres: { package: 'postgresql', paths: globSync('/usr/lib/postgresql/*/bin/postgres') },
} as const;

export type Program = keyof typeof programs;

function find(program: Program): string | undefined {
  return Bun.which(program) ?? programs[program].paths.findLast((path) => existsSync(path));
}

export function isInstalled(program: Program): boolean {
  return find(program) !== undefined;
}

/** What a skipped test says in its name: `BullQueue on a cluster (needs the Debian package redis-server)`. */
export function needs(program: Program): string {
  return isInstalled(program) ? '' : ` (needs the Debian package ${programs[program].package})`;
}

/** Throws an `Error` that names the Debian package when the program is missing. */
export function pathOf(program: Program): string {
  const path = find(program);
  if (!path) throw new Error(`${program} is missing: apt-get install ${programs[program].package}`);
  return path;
}
