import { createBunHost } from '../../../server/host.ts';
import { engineSuite } from '../../../tests/support/engine-suite.ts';
import { createEngine } from '../registry.ts';

engineSuite('mini', {
  createHost: createBunHost,
  createEngine: (host) => createEngine('mini', host),
  longSeconds: 180,
});
