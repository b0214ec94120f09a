import { createRoute } from '@hono/zod-openapi';
import { browserEngineIds } from '#core/engines/registry.ts';
import type { Model, ModelFile } from '#core/models/manifest.ts';
import type { EngineStatus } from '../../models/engines.ts';
import type { Engine } from '../api-types.ts';
import type { App, Services } from '../context.ts';
import { json, problems } from '../openapi.ts';
import { engineListSchema } from '../schemas/engines.ts';
import { modelFileUrl } from './model-files.ts';

const getEngines = createRoute({
  method: 'get',
  path: '/api/engines',
  summary: 'The engines: which can convert on this server now, how fast, and what a browser needs for them',
  responses: { 200: json(engineListSchema, 'All engines, the embedded one first'), ...problems(429) },
});

export function engineRoutes(app: App, { catalogue, pace }: Services): void {
  app.openapi(getEngines, async (c) => {
    const engines = await catalogue.list();
    const [ofApp] = engines;
    const views = engines.map((engine) => ({ ...viewEngine(engine, ofApp), speed: pace.measured(engine.id) }));
    return c.json({ engines: views }, 200);
  });
}

/** `ofApp`: the engine whose models the web app brings along. */
function viewEngine({ id, ready, models }: EngineStatus, ofApp: EngineStatus | undefined): Omit<Engine, 'speed'> {
  if (!ready || !browserEngineIds.includes(id)) return { id, ready, models: null };
  return { id, ready, models: models.filter((model) => !ofApp?.models.includes(model)).map(viewModel) };
}

/** Whether only the native runtime reads the file: HiFT has another form for WebAssembly. */
function isForNative({ path }: ModelFile, all: readonly ModelFile[]): boolean {
  return path.endsWith('/vocoder.onnx') && all.some((file) => file.path.endsWith('/vocoder.safetensors'));
}

function viewModel({ id, name, version, licence, files: all }: Model): NonNullable<Engine['models']>[number] {
  const files = all.filter((file) => !isForNative(file, all));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return {
    id,
    name,
    version,
    licence,
    bytes,
    files: files.map((file) => ({
      path: file.path,
      bytes: file.bytes,
      sha256: file.sha256,
      url: modelFileUrl(file),
    })),
  };
}
