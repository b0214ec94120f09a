import { InputError } from '#core/errors.ts';
import { paths } from '../../paths.ts';
import type { App } from '../context.ts';
import { sendStaticFile } from '../static-files.ts';

/** The web app and its kernels. Any other page's address is the app's own to understand. */
export function staticRoutes(app: App): void {
  const below = (path: string, prefix: string) => path.slice(prefix.length);

  app.get('/kernels/*', async (c) => {
    const found = await sendStaticFile(c, paths.kernels, below(c.req.path, '/kernels'));
    if (!found) throw new InputError('not-found');
    return found;
  });

  app.get('/*', async (c) => {
    const file = await sendStaticFile(c, paths.client, c.req.path === '/' ? '/index.html' : c.req.path);
    if (file) return file;
    const isPage = !c.req.path.startsWith('/api/') && c.req.header('Accept')?.includes('text/html');
    const page = isPage ? await sendStaticFile(c, paths.client, '/index.html') : undefined;
    if (!page) throw new InputError('not-found');
    return page;
  });
}
