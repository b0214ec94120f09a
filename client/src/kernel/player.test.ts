import { expect, test } from 'bun:test';
import { createPlayer, type MediaLike } from './player.ts';

/** A media element that the test moves by hand. */
class FakeMedia extends EventTarget implements MediaLike {
  currentTime = 0;
  duration = 10;
  paused = true;
  ended = false;
  muted = false;
  playbackRate = 1;

  async play(): Promise<void> {
    this.paused = false;
    this.dispatchEvent(new Event('play'));
  }
  pause(): void {
    this.paused = true;
  }
  removeAttribute(): void {}
  load(): void {}
}

const createPair = () => [new FakeMedia(), new FakeMedia()] as const;

test('all tracks run and only one is heard', async () => {
  const [source, result] = createPair();
  const player = createPlayer([source, result], () => undefined);
  await player.play();
  expect([source.paused, result.paused]).toEqual([false, false]);
  expect([source.muted, result.muted]).toEqual([false, true]);
});

test('switching changes what is heard at the same instant, with the drift taken out', async () => {
  const [source, result] = createPair();
  const player = createPlayer([source, result], () => undefined);
  await player.play();
  source.currentTime = 4;
  result.currentTime = 3.9;
  player.listenTo(1);
  expect([source.muted, result.muted]).toEqual([true, false]);
  expect(player.state).toEqual({ playing: true, time: 4, duration: 10, active: 1 });
});

test('seeking moves all tracks and stays within the recording', () => {
  const [source, result] = createPair();
  const player = createPlayer([source, result], () => undefined);
  player.seek(7);
  expect([source.currentTime, result.currentTime]).toEqual([7, 7]);
  player.seek(99);
  expect(source.currentTime).toBe(10);
  player.seek(-1);
  expect(result.currentTime).toBe(0);
});

test('starting one player pauses the one before', async () => {
  const [first, second] = createPair();
  await createPlayer([first], () => undefined).play();
  await createPlayer([second], () => undefined).play();
  expect([first.paused, second.paused]).toEqual([true, false]);
});

test('when the heard track ends, all stop', async () => {
  const [source, result] = createPair();
  const player = createPlayer([source, result], () => undefined);
  await player.play();
  source.ended = true;
  source.dispatchEvent(new Event('ended'));
  expect(result.paused).toBe(true);
  expect(player.state.playing).toBe(false);
});

test('a length that is not known yet reads as zero', () => {
  const media = new FakeMedia();
  media.duration = Number.NaN;
  expect(createPlayer([media], () => undefined).state).toMatchObject({ duration: 0, time: 0 });
});

test('all tracks play at the speed that was chosen', () => {
  const [source, result] = createPair();
  createPlayer([source, result], () => undefined).setSpeed(0.5);
  expect([source.playbackRate, result.playbackRate]).toEqual([0.5, 0.5]);
});

test('a loop turns at its end, begins where it is not yet, and is left when it is taken away', async () => {
  const [source, result] = createPair();
  const player = createPlayer([source, result], () => undefined);
  player.setLoop({ start: 3, end: 5 });
  await player.play();
  expect([source.currentTime, result.currentTime]).toEqual([3, 3]);
  source.currentTime = 4.9;
  player.keepInLoop();
  expect(source.currentTime).toBe(4.9);
  source.currentTime = 5.01;
  source.dispatchEvent(new Event('timeupdate'));
  expect([source.currentTime, result.currentTime]).toEqual([3, 3]);
  player.setLoop(undefined);
  source.currentTime = 6;
  player.keepInLoop();
  expect(source.currentTime).toBe(6);
});

test('a loop to the end of the recording goes on after it', async () => {
  const [source, result] = createPair();
  const player = createPlayer([source, result], () => undefined);
  player.setLoop({ start: 8, end: 10 });
  await player.play();
  source.currentTime = 10;
  source.paused = true;
  source.ended = true;
  source.dispatchEvent(new Event('ended'));
  expect(source.currentTime).toBe(8);
  expect(source.paused).toBe(false);
});

test('after it is disposed it neither sounds nor listens', async () => {
  const media = new FakeMedia();
  let changes = 0;
  const player = createPlayer([media], () => {
    changes += 1;
  });
  await player.play();
  player.dispose();
  const before = changes;
  media.dispatchEvent(new Event('timeupdate'));
  expect(changes).toBe(before);
  expect(media.paused).toBe(true);
});
