import { dirname, join } from 'node:path';
import { compress } from 'hono/compress';
import { InputError } from '#core/errors.ts';
import type { App } from '../context.ts';
import { describeApi } from '../openapi-document.ts';
import { sendStaticFile } from '../static-files.ts';

const ownFolder = join(import.meta.dir, '..', 'docs-page');
const packageFolder = dirname(Bun.fileURLToPath(import.meta.resolve('swagger-ui-dist/package.json')));

/** Folder of each file that the page consists of. */
const files: Readonly<Record<string, string>> = {
  'start.js': ownFolder,
  'swagger-ui.css': packageFolder,
  'swagger-ui-bundle.js': packageFolder,
};

/** The API's description, as a document and as a page that asks nothing of other servers. Comes after all routes that it describes. */
export function docsRoutes(app: App): void {
  const document = describeApi(app);
  app.get('/api/openapi.json', (c) => c.json(document));

  app.use('/api/docs/*', compress());
  app.get('/api/docs', async (c) => {
    const page = await sendStaticFile(c, ownFolder, '/index.html');
    if (!page) throw new InputError('not-found');
    return page;
  });
  app.get('/api/docs/:file', async (c) => {
    const name = c.req.param('file');
    const folder = Object.hasOwn(files, name) ? files[name] : undefined;
    const file = folder && (await sendStaticFile(c, folder, `/${name}`));
    if (!file) throw new InputError('not-found');
    return file;
  });
}
