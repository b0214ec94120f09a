import { expect, test } from 'bun:test';
import { InputError } from './errors.ts';
import { defaultConversionOptions, parseOptions } from './options.ts';

const refusal = (value: unknown): InputError => {
  try {
    parseOptions(value);
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  throw new Error(`accepted: ${JSON.stringify(value)}`);
};

test('nothing given means the defaults', () => {
  for (const value of [undefined, null, {}]) expect(parseOptions(value)).toEqual(defaultConversionOptions);
});

test('values within bounds are kept, both ends included', () => {
  const options = { strength: 0, pitch: -24, formant: 12, seed: 4294967295, outputRate: 16000, denoise: 1 };
  expect(parseOptions(options)).toEqual(options);
  const seedVc = { diffusionSteps: 100, lengthAdjust: 0.5, inferenceCfgRate: 0, semitoneShift: -24 };
  const all = { ...options, ...seedVc, f0Condition: false, autoF0Adjust: true };
  expect(parseOptions(all)).toEqual(all);
  expect(parseOptions({ pitch: 'keep' }).pitch).toBe('keep');
  expect(parseOptions({ pitch: 0 }).pitch).toBe(0);
});

test('a value out of bounds, of another type, or not a number is refused and names its field', () => {
  for (const [field, value] of [
    ['strength', 1.01],
    ['strength', Number.NaN],
    ['strength', '1'],
    ['pitch', 24.5],
    ['pitch', 'high'],
    ['formant', -13],
    ['seed', 1.5],
    ['seed', -1],
    ['outputRate', 8000],
    ['outputRate', 44100.5],
    ['denoise', true],
    ['diffusionSteps', 0],
    ['diffusionSteps', 101],
    ['diffusionSteps', 2.5],
    ['lengthAdjust', 0.49],
    ['lengthAdjust', 2.01],
    ['inferenceCfgRate', 1.1],
    ['f0Condition', 'yes'],
    ['autoF0Adjust', 1],
    ['semitoneShift', 25],
    ['semitoneShift', 0.5],
  ] as const) {
    const error = refusal({ [field]: value });
    expect(error.code).toBe('option-invalid');
    expect(error.details).toMatchObject({ field });
  }
});

test('a field that does not exist is refused, so that a misspelling is not silently ignored', () => {
  expect(refusal({ strenght: 0.5 }).details).toMatchObject({ field: 'strenght' });
  for (const value of [[], 'strength', 3]) expect(refusal(value).details).toMatchObject({ field: 'options' });
});

test('inherited property names are no options', () => {
  expect(refusal(JSON.parse('{"__proto__": 1, "constructor": 2}')).code).toBe('option-invalid');
});
