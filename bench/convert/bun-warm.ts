/** A Bun process that converts over and over: `bun-warm.ts wasm|native SOURCE REFERENCE ROUNDS` prints `WarmTimings` as JSON. */
import { createConverter } from '#core/convert.ts';
import { createBunHost } from '#server/host.ts';
import { measureWarm } from './measure.ts';

const [runtime, source, reference, rounds] = process.argv.slice(2);
if ((runtime !== 'wasm' && runtime !== 'native') || !source || !reference || !Number(rounds)) {
  throw new Error('usage: bun-warm.ts wasm|native SOURCE REFERENCE ROUNDS');
}

const converter = createConverter(await createBunHost({ threads: 1, runtime }));
const recordings = { source: await Bun.file(source).bytes(), reference: await Bun.file(reference).bytes() };
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
console.log(JSON.stringify(await measureWarm(converter, recordings, Number(rounds), cpuSeconds)));
await converter.dispose();
