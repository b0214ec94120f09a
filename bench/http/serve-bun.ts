/** The routes on Bun.serve. Arguments: the folder of uploads, the file to download. Prints its port. */
import { createBenchApp } from './app.ts';

const [folder = '', download = ''] = process.argv.slice(2);
const app = createBenchApp({ folder, download, open: (path) => Bun.file(path) });
const server = Bun.serve({ port: 0, hostname: '127.0.0.1', maxRequestBodySize: 2 ** 30, fetch: app.fetch });
console.log(server.port);
