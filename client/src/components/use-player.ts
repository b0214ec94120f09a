import { type Accessor, createEffect, createMemo, createSignal, on, onCleanup } from 'solid-js';
import type { Loop } from '../kernel/loop.ts';
import { createPlayer, type Player, type PlayerState } from '../kernel/player.ts';

const silent: PlayerState = { playing: false, time: 0, duration: 0, active: 0 };

export interface PlayerSignals {
  readonly state: Accessor<PlayerState>;
  readonly toggle: () => void;
  readonly seek: (seconds: number) => void;
  readonly listenTo: (track: number) => void;
  readonly setSpeed: (speed: number) => void;
  readonly setLoop: (loop: Loop | undefined) => void;
}

/** A player of these recordings, in step; made anew when they change. Let go of with the component. */
export function usePlayer(recordings: Accessor<readonly Blob[]>): PlayerSignals {
  const [state, setState] = createSignal(silent, { equals: false });
  let player: Player | undefined;

  createEffect(
    on(recordings, (blobs) => {
      const urls = blobs.map((blob) => URL.createObjectURL(blob));
      const elements = urls.map((url) => {
        const element = new Audio(url);
        element.preload = 'auto';
        return element;
      });
      const created = createPlayer(elements, () => setState(created.state));
      player = created;
      setState(created.state);
      onCleanup(() => {
        created.dispose();
        for (const url of urls) URL.revokeObjectURL(url);
      });
    }),
  );

  // The media element's own events come only four times a second.
  const playing = createMemo(() => state().playing);
  createEffect(() => {
    if (!playing()) return;
    let frame = requestAnimationFrame(function next() {
      player?.keepInLoop();
      if (player) setState(player.state);
      frame = requestAnimationFrame(next);
    });
    onCleanup(() => cancelAnimationFrame(frame));
  });

  return {
    state,
    toggle: () => player?.toggle(),
    seek: (seconds) => player?.seek(seconds),
    listenTo: (track) => player?.listenTo(track),
    setSpeed: (speed) => player?.setSpeed(speed),
    setLoop: (loop) => player?.setLoop(loop),
  };
}
