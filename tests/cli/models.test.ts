import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model, ModelList } from '#server/http/api-types.ts';
import { until } from '../services/until.ts';
import {
  decentAnswer,
  type ModelAnswer,
  type ModelHost,
  makeModelFolder,
  noiseBytes,
  startModelHost,
} from '../support/model-host.ts';
import { type CommandLine, openCommandLine } from './run.ts';

const content = noiseBytes(300_000);
let answer: (decent: ModelAnswer) => ModelAnswer;
let host: ModelHost;
let models: Awaited<ReturnType<typeof makeModelFolder>>;
let cli: CommandLine;
let environment: Record<string, string>;

beforeAll(async () => {
  host = startModelHost((request) => answer(decentAnswer(request, content, '"1"')));
  models = await makeModelFolder({ 'extra/a.onnx': content });
  cli = await openCommandLine();
  environment = { GIONG_MODELS: models.path, MODELS_BASE_URL: host.url };
});
beforeEach(async () => {
  answer = (decent) => decent;
  await rm(join(cli.folder, 'data'), { recursive: true, force: true });
});
afterAll(async () => {
  host[Symbol.dispose]();
  await models[Symbol.asyncDispose]();
  await cli[Symbol.asyncDispose]();
});

const installed = () => join(cli.folder, 'data', 'models', 'extra', 'a.onnx');
const json = <Answer>(...args: string[]) => cli.json<Answer>(['models', ...args], environment);
const run = (...args: string[]) => cli.run(['models', ...args], environment);
const stateOfExtra = async () => (await json<ModelList>('list')).models.find(({ id }) => id === 'extra')?.state;

describe('giong models', () => {
  test('lists what is here, with and without the word list', async () => {
    const { out, code } = await run();
    expect(code).toBe(0);
    expect(out).toMatch(/^mini +comes with the program/m);
    expect(out).toMatch(/^extra +not here/m);
    expect((await json<ModelList>('list')).models.map(({ id, state }) => [id, state])).toContainEqual([
      'extra',
      'missing',
    ]);
    expect((await run('list', '--language', 'vi')).out).toMatch(/^extra +chưa có/m);
  });

  test('pull downloads; remove deletes', async () => {
    const model = await json<Model>('pull', 'extra');
    expect(model).toMatchObject({ id: 'extra', state: 'installed', progress: null, error: null });
    expect(await Bun.file(installed()).bytes()).toEqual(content);
    const before = host.requests.length;
    expect((await run('pull', 'extra')).out).toStartWith('Here now: extra');
    expect(host.requests.length).toBe(before);

    expect(await json<object>('remove', 'extra')).toEqual({ removed: 'extra' });
    expect(existsSync(installed())).toBe(false);
    expect(await stateOfExtra()).toBe('missing');
  });

  test('pull takes another address and another data folder', async () => {
    const elsewhere = join(cli.folder, 'elsewhere');
    await cli.json(['models', 'pull', 'extra', '--base-url', `${host.url}/mirror`, '--data', elsewhere], {
      GIONG_MODELS: models.path,
    });
    expect(host.requests.at(-1)?.path).toBe('/mirror/extra/a.onnx');
    expect(existsSync(join(elsewhere, 'models', 'extra', 'a.onnx'))).toBe(true);
  });

  test('two that pull at once share the work, and a third that was killed leaves nothing in the way', async () => {
    const rest = Promise.withResolvers<void>();
    answer = (decent) => ({ ...decent, hold: rest.promise });
    const before = host.requests.length;
    const killed = cli.start(['models', 'pull', 'extra'], environment);
    await until('some of it has come', () => Bun.file(`${installed()}.part`).size > 0);
    killed.kill('SIGKILL');
    await killed.exited;
    rest.resolve();
    answer = (decent) => decent;
    const both = await Promise.all([run('pull', 'extra'), run('pull', 'extra')]);
    expect(both.map(({ err }) => err)).toEqual(['', '']);
    expect(await Bun.file(installed()).bytes()).toEqual(content);
    const ranges = host.requests.slice(before).map(({ headers }) => headers.get('Range'));
    expect(ranges).toEqual([null, expect.stringMatching(/^bytes=[1-9]\d*-$/)]);
  });

  test('an interrupt ends pull with 130 and keeps what has come', async () => {
    const rest = Promise.withResolvers<void>();
    answer = (decent) => ({ ...decent, hold: rest.promise });
    const child = cli.start(['models', 'pull', 'extra'], environment);
    await until('some of it has come', () => Bun.file(`${installed()}.part`).size > 0);
    child.kill('SIGINT');
    expect(await child.exited).toBe(130);
    rest.resolve();
    expect(Bun.file(`${installed()}.part`).size).toBeGreaterThan(0);
    expect(existsSync(installed())).toBe(false);
  });

  test.each([
    ['that nobody knows', ['pull', 'none'], 'not-found', 'none'],
    ['that comes with the program cannot be removed', ['remove', 'mini'], 'forbidden', 'mini'],
    ['that is nowhere in a folder', ['add', '.'], 'model-missing', '.'],
  ])('a model %s: exit code 1', async (_, args, code, subject) => {
    const result = await run(...args, '--json');
    expect(result.code).toBe(1);
    expect(JSON.parse(result.out).error).toMatchObject({ code, subject });
  });

  test('a file that is not there, or not what it should be, is told', async () => {
    answer = () => ({ status: 404 });
    expect(await run('pull', 'extra')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/could not be downloaded/),
    });
    answer = () => ({ status: 200, body: noiseBytes(300_000, 3) });
    expect(JSON.parse((await run('pull', 'extra', '--json')).out).error.code).toBe('model-corrupt');
    expect(existsSync(installed())).toBe(false);
  });

  test('add takes files from a folder, but only the right ones', async () => {
    const folder = join(cli.folder, 'stick');
    await Bun.write(join(folder, 'extra', 'a.onnx'), noiseBytes(300_000, 3));
    expect((await run('add', 'stick')).code).toBe(1);
    await Bun.write(join(folder, 'extra', 'a.onnx'), content);
    expect(await json<object>('add', 'stick')).toEqual({ added: ['extra'] });
    expect(await stateOfExtra()).toBe('installed');
  });

  test('verify finds a damaged file', async () => {
    expect((await run('verify')).code).toBe(0);
    await json('pull', 'extra');
    expect((await run('verify')).out).toContain('✓ extra/a.onnx: good');
    await Bun.write(installed(), noiseBytes(300_000, 3));
    const { out, code } = await run('verify', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out).files).toContainEqual({ model: 'extra', path: 'extra/a.onnx', state: 'corrupt' });
    expect(await stateOfExtra()).toBe('missing');
    expect((await json<Model>('pull', 'extra')).state).toBe('installed');
  });

  test.each([
    [['sing'], 'models'],
    [['pull'], 'id'],
    [['pull', 'extra', '--base-url', 'ftp://x'], '--base-url'],
  ])('%j is a wrong call', async (args, part) => {
    const { code, err } = await run(...args);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(part) });
  });
});
