import { expect, test } from 'bun:test';
import { type Circumstances, choosePlace } from './where-to-run.ts';

const ordinary: Circumstances = {
  preference: 'auto',
  browserCapable: true,
  serverReachable: true,
  engineHere: true,
  engineOnServer: true,
  modelBytes: 0,
  effort: 1,
  sourceSeconds: 60,
  memoryGigabytes: 8,
  browserSpeed: 20,
  serverSpeed: 20,
  serverWaitSeconds: 0,
};

test('the user has the first word, whatever the rest says', () => {
  const offline = { ...ordinary, serverReachable: false, preference: 'server' } as const;
  expect(choosePlace(offline)).toMatchObject({ place: 'server', reason: 'chosen-but-unreachable' });
  const incapable = { ...ordinary, browserCapable: false, preference: 'browser' } as const;
  expect(choosePlace(incapable)).toMatchObject({ place: 'browser', reason: 'chosen-by-user' });
});

test('without a server this device does it', () => {
  expect(choosePlace({ ...ordinary, serverReachable: false })).toMatchObject({
    place: 'browser',
    reason: 'server-unreachable',
  });
});

test('a browser without SIMD leaves it to the server, even to one that seems away', () => {
  const choice = choosePlace({ ...ordinary, browserCapable: false, serverReachable: false });
  expect(choice).toMatchObject({ place: 'server', reason: 'browser-incapable' });
});

test('a recording too long for the memory goes to the server', () => {
  const hour = { ...ordinary, sourceSeconds: 3600, browserSpeed: 1000 };
  expect(choosePlace({ ...hour, memoryGigabytes: 4 })).toMatchObject({ place: 'server', reason: 'memory-too-small' });
  expect(choosePlace({ ...hour, memoryGigabytes: undefined }).place).toBe('browser');
});

test('a device whose speed is not known leaves it to the server', () => {
  expect(choosePlace({ ...ordinary, browserSpeed: undefined })).toMatchObject({
    place: 'server',
    reason: 'speed-unknown',
  });
});

test('the one that is done sooner is chosen, and its estimate given', () => {
  expect(choosePlace({ ...ordinary, serverSpeed: 60 })).toEqual({
    place: 'server',
    reason: 'server-faster',
    estimateSeconds: 1,
  });
  expect(choosePlace({ ...ordinary, serverSpeed: 60, serverWaitSeconds: 10 })).toEqual({
    place: 'browser',
    reason: 'browser-faster',
    estimateSeconds: 3,
  });
});

test('when both take equally long, or the server was never measured, nothing is uploaded', () => {
  expect(choosePlace(ordinary).place).toBe('browser');
  expect(choosePlace({ ...ordinary, serverSpeed: undefined }).place).toBe('browser');
});

test('there is no estimate before the length of the source is known', () => {
  expect(choosePlace({ ...ordinary, sourceSeconds: undefined }).estimateSeconds).toBeUndefined();
});

test('an engine runs where its models are, and nowhere else by itself', () => {
  const fetched = { ...ordinary, engineOnServer: false };
  expect(choosePlace({ ...ordinary, engineHere: false })).toMatchObject({ place: 'server', reason: 'models-not-here' });
  expect(choosePlace(fetched)).toMatchObject({ place: 'browser', reason: 'models-not-on-server' });
  for (const [preference, here] of [
    ['browser', false],
    ['server', true],
  ] as const) {
    const chosen = choosePlace({ ...ordinary, preference, engineHere: here, engineOnServer: !here });
    expect(chosen).toMatchObject({ place: preference, reason: 'chosen-without-models' });
  }
  const nowhere = choosePlace({ ...ordinary, engineHere: false, serverReachable: false });
  expect(nowhere).toMatchObject({ place: 'server', reason: 'chosen-but-unreachable' });
});

test('large models need memory of their own, and options their time', () => {
  const large = { ...ordinary, modelBytes: 260_000_000 };
  expect(choosePlace({ ...large, memoryGigabytes: 4 })).toMatchObject({ place: 'server', reason: 'memory-too-small' });
  expect(choosePlace({ ...large, memoryGigabytes: 8 }).place).toBe('browser');
  expect(choosePlace({ ...ordinary, effort: 8 }).estimateSeconds).toBe(24);
});
