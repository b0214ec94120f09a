import { expect, test } from 'bun:test';
import { effortOf } from './effort.ts';

test('the default options are the measure, whatever the engine', () => {
  for (const engine of ['mini', 'seed-vc-fast', 'seed-vc-hifi']) expect(effortOf(engine, {})).toBe(1);
});

test('more steps, a second branch and a longer result cost more, and only where there are steps', () => {
  const effort = (options: object) => effortOf('seed-vc-fast', options);
  expect(effort({ diffusionSteps: 100 })).toBeGreaterThan(5 * effort({}));
  expect(effort({ inferenceCfgRate: 0 })).toBeLessThan(0.7);
  expect(effort({ guidanceEvery: 2 })).toBeLessThan(0.85);
  expect(effort({ guidanceEvery: 4 })).toBeGreaterThan(effort({ inferenceCfgRate: 0 }));
  expect(effort({ lengthAdjust: 2 })).toBeGreaterThan(effort({ lengthAdjust: 0.5 }));
  expect(effortOf('mini', { diffusionSteps: 100 })).toBe(1);
});
