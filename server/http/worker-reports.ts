import type { Server } from 'bun';
import type { Config } from '../config.ts';
import type { JobHost } from '../job-host.ts';
import { isLoopback } from '../limits/client-address.ts';
import type { Logger } from '../observe/log.ts';
import { isAdminKey } from './admin.ts';

type Reports = Pick<JobHost['metrics'], 'report' | 'contentType'>;

/**
 * `/metrics` and `/health` of a process that only converts, at `metricsPort`; undefined where none is configured. Measures are for
 * programs of this machine and for who brings the admin key, as they are at a server. Healthy is who has loaded its engine.
 */
export function startWorkerReports(
  config: Pick<Config, 'host' | 'metricsPort' | 'adminKey'>,
  { metrics, isReady }: { readonly metrics: Reports; readonly isReady: JobHost['isReady'] },
  log: Logger,
): Server<undefined> | undefined {
  if (config.metricsPort === undefined) return undefined;
  const server = Bun.serve({
    port: config.metricsPort,
    hostname: config.host,
    async fetch(request, self) {
      switch (new URL(request.url).pathname) {
        case '/health':
          return new Response(null, { status: isReady() ? 204 : 503 });
        case '/metrics': {
          const [, key] = /^Bearer +(.+)$/i.exec(request.headers.get('Authorization') ?? '') ?? [];
          if (!isLoopback(self.requestIP(request)?.address) && !isAdminKey(key, config.adminKey)) {
            return new Response(null, { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } });
          }
          return new Response(await metrics.report(), { headers: { 'Content-Type': metrics.contentType } });
        }
        default:
          return new Response(null, { status: 404 });
      }
    },
  });
  log.info({ url: server.url.href }, 'reporting');
  return server;
}
