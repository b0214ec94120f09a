import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { InputError } from '#core/errors.ts';
import type { App, AppEnv, Services } from './context.ts';
import { Forwarding } from './forwarding.ts';
import { draining } from './middleware/draining.ts';
import { idempotency } from './middleware/idempotency.ts';
import { language } from './middleware/language.ts';
import { measure } from './middleware/measure.ts';
import { noStoreByDefault } from './middleware/no-store.ts';
import { rateLimit } from './middleware/rate-limit.ts';
import { requestLog } from './middleware/request-log.ts';
import { sameOriginOnly } from './middleware/same-origin.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { knownKeysOnly, visitor } from './middleware/visitor.ts';
import { InvalidRequestError, problemResponse } from './problem.ts';
import { batchRoutes } from './routes/batches.ts';
import { convertRoutes } from './routes/convert.ts';
import { docsRoutes } from './routes/docs.ts';
import { engineRoutes } from './routes/engines.ts';
import { jobRoutes } from './routes/jobs.ts';
import { keyRoutes } from './routes/keys.ts';
import { liveRoutes } from './routes/live.ts';
import { metricsRoutes } from './routes/metrics.ts';
import { modelFileRoutes } from './routes/model-files.ts';
import { modelRoutes } from './routes/models.ts';
import { queueRoutes } from './routes/queue.ts';
import { resumableUploadRoutes } from './routes/resumable-uploads.ts';
import { sampleRoutes } from './routes/samples.ts';
import { serviceRoutes } from './routes/service.ts';
import { sessionRoutes } from './routes/session.ts';
import { staticRoutes } from './routes/static.ts';
import { uploadRoutes } from './routes/uploads.ts';
import { voiceRoutes } from './routes/voices.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { workspaceRoutes } from './routes/workspace.ts';

/** The whole HTTP application. */
export function createApp(services: Services): App {
  const app: App = new OpenAPIHono<AppEnv>({
    defaultHook(result) {
      if (!result.success) throw new InvalidRequestError(result.error.issues);
    },
  });

  app.use(
    securityHeaders,
    requestId(),
    requestLog(services.log),
    measure(services.metrics),
    noStoreByDefault,
    language,
    draining(services.isStopping),
    sameOriginOnly,
  );
  const forwarding = new Forwarding(services.config);
  app.use(
    visitor(services, forwarding),
    rateLimit(services.rateLimits, forwarding),
    knownKeysOnly,
    idempotency(services.idempotency),
  );

  app.onError((error, c) => {
    if (error instanceof HTTPException) return problemResponse(c, new InputError('request-invalid'));
    const response = problemResponse(c, error);
    // A request may fail before its logger is known.
    if (response.status >= 500) (c.var.log ?? services.log).error({ err: error }, 'request failed');
    return response;
  });
  app.notFound((c) => problemResponse(c, new InputError('not-found')));

  sessionRoutes(app, services);
  keyRoutes(app, services);
  uploadRoutes(app, services);
  resumableUploadRoutes(app, services);
  voiceRoutes(app, services);
  convertRoutes(app, services);
  jobRoutes(app, services);
  workspaceRoutes(app, services);
  batchRoutes(app, services);
  webhookRoutes(app, services);
  queueRoutes(app, services);
  sampleRoutes(app, services);
  engineRoutes(app, services);
  modelRoutes(app, services);
  serviceRoutes(app, services);
  metricsRoutes(app, services);
  liveRoutes(app);

  docsRoutes(app);
  modelFileRoutes(app, services);
  staticRoutes(app);
  return app;
}
