/** The routes on Node.js through Hono's own adapter. Arguments: the folder of uploads, the file to download. Prints its port. */
import { openAsBlob } from 'node:fs';
import { serve } from '@hono/node-server';
import { createBenchApp } from './app.ts';

const [folder = '', download = ''] = process.argv.slice(2);
const app = createBenchApp({ folder, download, open: (path) => openAsBlob(path) });
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(port));
