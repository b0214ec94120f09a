import { defineConfig, type Plugin } from 'vite';
import solid from 'vite-plugin-solid';

/** Where `vite dev` finds the API: a server started beside it with `giong serve`. */
const apiServer = 'http://localhost:8080';

/** Packages built by Emscripten import Node's `module`, in branches that no browser enters. */
const withoutNode: Plugin = {
  name: 'without-node',
  enforce: 'pre',
  resolveId: (id) => (id === 'module' ? '\0without-node' : null),
  load: (id) => (id === '\0without-node' ? 'export const createRequire = undefined;' : null),
};

/** Models that few people use: a device fetches and keeps each when it is first needed (scripts/build-service-worker.ts). */
const onRequestModels = /models\/(campplus)\//;

const assetFileNames = ({ originalFileNames }: { readonly originalFileNames: readonly string[] }): string =>
  originalFileNames.some((name) => onRequestModels.test(name))
    ? 'assets/on-request/[name]-[hash][extname]'
    : 'assets/[name]-[hash][extname]';

export default defineConfig({
  plugins: [solid(), withoutNode],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Models, samples and kernels are files of their own, so that the browser caches each by its hashed name.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { checks: { bundlerTimings: false }, output: { assetFileNames } },
  },
  worker: {
    format: 'es',
    plugins: () => [withoutNode],
    rolldownOptions: { checks: { bundlerTimings: false }, output: { assetFileNames } },
  },
  server: {
    fs: { allow: ['..'] },
    proxy: { '/api': apiServer, '/ws': { target: apiServer, ws: true } },
  },
});
