import { createRoute, z } from '@hono/zod-openapi';
import { InputError } from '#core/errors.ts';
import type { NewApiKey } from '../../data/api-keys.ts';
import type { ApiKeyRow } from '../../data/schema.ts';
import { newId } from '../../ids.ts';
import { requireAdmin } from '../admin.ts';
import type { Key } from '../api-types.ts';
import { type App, type AppContext, ownWorkspace, type Services } from '../context.ts';
import { json, problems } from '../openapi.ts';
import { parseJsonBody } from '../problem.ts';
import { keyCreatedSchema, keyListSchema, newKeyForSchema, newKeySchema } from '../schemas/keys.ts';

const byId = { params: z.object({ id: z.string() }) };
const created = json(keyCreatedSchema, 'The key, shown this once');
const revoked = { description: 'It opens nothing any more' };

const postKey = createRoute({
  method: 'post',
  path: '/api/keys',
  summary: "Make an API key that opens the session's workspace",
  request: { body: { required: true, content: { 'application/json': { schema: newKeySchema } } } },
  responses: { 201: created, ...problems(400, 401, 403, 409, 422, 429) },
});

const getKeys = createRoute({
  method: 'get',
  path: '/api/keys',
  summary: "The workspace's API keys, oldest first, without the keys themselves",
  responses: { 200: json(keyListSchema, 'Keys'), ...problems(401, 429) },
});

const deleteKey = createRoute({
  method: 'delete',
  path: '/api/keys/{id}',
  summary: 'Revoke an API key',
  request: byId,
  responses: { 204: revoked, ...problems(401, 403, 404, 429) },
});

const postKeyFor = createRoute({
  method: 'post',
  path: '/api/admin/keys',
  summary: 'Make an API key for somebody, for holders of the admin key',
  request: { body: { required: true, content: { 'application/json': { schema: newKeyForSchema } } } },
  responses: { 201: created, ...problems(400, 401, 403, 409, 422, 429) },
});

const getAllKeys = createRoute({
  method: 'get',
  path: '/api/admin/keys',
  summary: "Everybody's API keys, for holders of the admin key",
  responses: { 200: json(keyListSchema, 'Keys'), ...problems(401, 403, 429) },
});

const deleteAnyKey = createRoute({
  method: 'delete',
  path: '/api/admin/keys/{id}',
  summary: "Revoke anybody's API key, for holders of the admin key",
  request: byId,
  responses: { 204: revoked, ...problems(401, 403, 404, 429) },
});

export function keyRoutes(app: App, { apiKeys, config }: Services): void {
  const create = async (c: AppContext, wanted: NewApiKey) => {
    const { key, row } = await apiKeys.create(wanted);
    return c.json({ ...viewKey(row), key }, 201);
  };
  const revoke = async (c: AppContext, id: string, workspaceId?: string) => {
    if (!(await apiKeys.revoke(id, workspaceId))) throw new InputError('not-found');
    return c.body(null, 204);
  };

  app.openAPIRegistry.registerPath(postKey);
  app.post(postKey.path, async (c) => {
    const { name } = await parseJsonBody(c, newKeySchema);
    return create(c, { workspaceId: await c.var.visitor.workspace(), name, priority: 'normal' });
  });

  app.openapi(getKeys, async (c) => {
    const workspaceId = await c.var.visitor.find();
    return c.json({ keys: workspaceId === undefined ? [] : (await apiKeys.list(workspaceId)).map(viewKey) }, 200);
  });

  app.openAPIRegistry.registerPath(deleteKey);
  app.delete('/api/keys/:id', async (c) => revoke(c, c.req.param('id'), await ownWorkspace(c)));

  app.openAPIRegistry.registerPath(postKeyFor);
  app.post(postKeyFor.path, async (c) => {
    requireAdmin(c, config);
    const { name, priority, workspace } = await parseJsonBody(c, newKeyForSchema);
    return create(c, { workspaceId: workspace ?? newId('workspace'), name, priority });
  });

  app.openapi(getAllKeys, async (c) => {
    requireAdmin(c, config);
    return c.json({ keys: (await apiKeys.list()).map(viewKey) }, 200);
  });

  app.openAPIRegistry.registerPath(deleteAnyKey);
  app.delete('/api/admin/keys/:id', async (c) => {
    requireAdmin(c, config);
    return revoke(c, c.req.param('id'));
  });
}

function viewKey(row: ApiKeyRow): Key {
  return {
    id: row.id,
    name: row.name,
    workspace: row.workspace_id,
    priority: row.priority,
    ending: row.key_ending,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  };
}
