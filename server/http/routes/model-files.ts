import { InputError } from '#core/errors.ts';
import type { ModelFile } from '#core/models/manifest.ts';
import type { App, Services } from '../context.ts';
import { sendFile } from '../send-file.ts';

const prefix = '/models/';

/** Where a browser finds this very content of a file: with its hash, so that it may be kept for ever. */
export function modelFileUrl({ path, sha256 }: Pick<ModelFile, 'path' | 'sha256'>): string {
  return `${prefix}${path}?sha256=${sha256}`;
}

/** The files of all models that are here, for browsers that convert by themselves: those of the manifest, and no others. */
export function modelFileRoutes(app: App, { library }: Pick<Services, 'library'>): void {
  app.get(`${prefix}*`, async (c) => {
    await library.refresh();
    const found = await library.openFile(c.req.path.slice(prefix.length));
    const wanted = c.req.query('sha256');
    if (!found || (wanted !== undefined && wanted !== found.file.sha256)) throw new InputError('not-found');
    return sendFile(c, {
      body: Bun.file(found.fullPath),
      type: 'application/octet-stream',
      etag: `"${found.file.sha256}"`,
      cacheControl: wanted === undefined ? 'no-cache' : 'public, max-age=31536000, immutable',
    });
  });
}
