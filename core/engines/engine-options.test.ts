import { expect, test } from 'bun:test';
import { parseOptions } from '../options.ts';
import { checkEngineOptions } from './engine-options.ts';
import { engineIds } from './registry.ts';

const seedVc = engineIds.filter((id) => id.startsWith('seed-vc-'));
const fieldRefused = (engine: string, given: object): unknown => {
  try {
    checkEngineOptions(engine, parseOptions(given));
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'option-invalid', details: { engine } });
    return (error as { details: { field: string } }).details.field;
  }
};

test('every engine takes the defaults', () => {
  for (const engine of engineIds) expect(fieldRefused(engine, {})).toBeUndefined();
});

test('an engine refuses what only others can do, and names the field', () => {
  expect(fieldRefused('mini', { strength: 0.5, pitch: 3, formant: 2 })).toBeUndefined();
  for (const given of [
    { diffusionSteps: 4 },
    { lengthAdjust: 1 },
    { inferenceCfgRate: 0 },
    { f0Condition: false },
    { autoF0Adjust: false },
    { semitoneShift: 0 },
  ]) {
    expect(fieldRefused('mini', given)).toBe(Object.keys(given)[0]);
  }
  for (const engine of seedVc) {
    expect(fieldRefused(engine, { diffusionSteps: 4, lengthAdjust: 1.5, inferenceCfgRate: 0 })).toBeUndefined();
    expect(fieldRefused(engine, { strength: 0.5 })).toBe('strength');
    expect(fieldRefused(engine, { pitch: 'keep' })).toBe('pitch');
    expect(fieldRefused(engine, { formant: -1 })).toBe('formant');
  }
});

test('only the model that sings follows and moves the pitch', () => {
  const sings = { f0Condition: true, autoF0Adjust: true, semitoneShift: -24 };
  expect(fieldRefused('seed-vc-hifi', sings)).toBeUndefined();
  expect(fieldRefused('seed-vc-hifi', { f0Condition: false })).toBe('f0Condition');
  for (const engine of ['seed-vc-fast', 'seed-vc-base']) {
    expect(fieldRefused(engine, { f0Condition: true })).toBe('f0Condition');
    expect(fieldRefused(engine, { autoF0Adjust: true })).toBe('autoF0Adjust');
    expect(fieldRefused(engine, { semitoneShift: 2 })).toBe('semitoneShift');
    expect(fieldRefused(engine, { f0Condition: false, autoF0Adjust: false, semitoneShift: 0 })).toBeUndefined();
  }
});
