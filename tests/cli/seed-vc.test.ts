import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { appendFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '#core/audio/decode.ts';
import type { Model, ModelList } from '#server/http/api-types.ts';
import { writeNarrowModel } from '../support/seed-vc-models.ts';
import { type CommandLine, openCommandLine } from './run.ts';

let cli: CommandLine;
let mirror: ReturnType<typeof Bun.serve>;
const convert = (...args: string[]) =>
  cli.run(['convert', 'sample-english', '--voice', 'sample-1688', '--diffusion-steps', '1', ...args, '--json']);
const errorOf = ({ out }: { readonly out: string }) => JSON.parse(out).error;

beforeAll(async () => {
  cli = await openCommandLine();
  await writeNarrowModel(join(cli.folder, 'exported'), 'fast', '-int8');
  await writeNarrowModel(join(cli.folder, 'exported'), 'base');
  mirror = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      const file = Bun.file(join(cli.folder, 'exported', new URL(request.url).pathname));
      return (await file.exists()) ? new Response(file) : new Response(null, { status: 404 });
    },
  });
});
afterAll(async () => {
  await mirror.stop(true);
  await cli[Symbol.asyncDispose]();
});

describe('giong with the Seed-VC models', () => {
  test('says which model is missing', async () => {
    const result = await convert('--engine', 'seed-vc-fast', '-o', 'a.wav');
    expect(result.code).toBe(1);
    expect(errorOf(result)).toMatchObject({ code: 'model-missing' });
  });

  test('takes what the exporter wrote, and converts with it', async () => {
    expect(await cli.json<object>(['models', 'add', 'exported'])).toEqual({
      added: ['seed-vc-base', 'seed-vc-fast-int8'],
    });
    const { models } = await cli.json<ModelList>(['models', 'list']);
    const fast = models.find(({ id }) => id === 'seed-vc-fast-int8');
    expect(fast).toMatchObject({ state: 'installed', engines: ['seed-vc-fast'], licence: 'GPL-3.0-only' });

    const result = await convert('--engine', 'seed-vc-fast', '--length-adjust', '0.5', '-o', 'a.wav');
    expect(result).toMatchObject({ code: 0, err: '' });
    const { engine, sourceSeconds } = JSON.parse(result.out);
    expect(engine).toBe('seed-vc-fast');
    const { audio } = await decodeAudio(await Bun.file(join(cli.folder, 'a.wav')).bytes());
    expect(audio.samples.some((sample) => Math.abs(sample) > 1e-3)).toBe(true);
    expect(audio.samples.length / audio.sampleRate).toBeCloseTo(sourceSeconds, 2);
  });

  test.each([
    [['--diffusion-steps', '0'], 'diffusionSteps'],
    [['--inference-cfg-rate', 'much'], 'inferenceCfgRate'],
    [['--semitone-shift', '3'], 'semitoneShift'],
    [['--f0-condition', 'maybe'], 'f0Condition'],
  ])('refuses %j', async (args, field) => {
    const result = await convert('--engine', 'seed-vc-fast', ...args);
    expect(result.code).toBe(2);
    expect(errorOf(result)).toMatchObject({ code: 'option-invalid' });
    expect(result.out).toContain(field);
  });

  test('with another engine refuses their options', async () => {
    const result = await convert();
    expect(errorOf(result)).toMatchObject({ code: 'option-invalid' });
    expect(result.out).toContain('diffusionSteps');
  });

  test('pull learns of a model from the mirror, and remove forgets it', async () => {
    const address = ['--base-url', mirror.url.href];
    expect(await cli.json<object>(['models', 'remove', 'seed-vc-base'])).toEqual({ removed: 'seed-vc-base' });
    const known = await cli.json<ModelList>(['models', 'list']);
    expect(known.models.map(({ id }) => id)).not.toContain('seed-vc-base');
    const pulled = await cli.json<Model>(['models', 'pull', 'seed-vc-base', ...address]);
    expect(pulled).toMatchObject({ state: 'installed', engines: ['seed-vc-base'] });
    const other = await cli.run(['models', 'pull', 'seed-vc-fast-fp16', ...address, '--json']);
    expect(errorOf(other)).toMatchObject({ code: 'download-failed' });
    const unknown = await cli.run(['models', 'pull', 'anything', ...address, '--json']);
    expect(errorOf(unknown)).toMatchObject({ code: 'not-found' });
  });

  test('a file that was cut off or changed is found by its hash before it is used', async () => {
    const path = join(cli.folder, 'data', 'models', 'seed-vc-fast-int8', 'estimator.onnx');
    await truncate(path, 1000);
    expect(errorOf(await convert('--engine', 'seed-vc-fast'))).toMatchObject({ code: 'model-corrupt' });
    expect((await cli.run(['models', 'verify'])).code).toBe(1);
    // Adding it again mends it.
    await cli.json(['models', 'add', 'exported']);
    expect((await cli.run(['models', 'verify'])).code).toBe(0);
    const estimator = join(cli.folder, 'exported', 'seed-vc-base', 'estimator.onnx');
    await appendFile(estimator, 'x');
    const refused = await cli.run(['models', 'add', 'exported', '--json']);
    expect(errorOf(refused)).toMatchObject({ code: 'model-corrupt' });
  });
});
