import type { Loop } from './loop.ts';

/** What is used of an `HTMLAudioElement`. */
export type MediaLike = Pick<
  HTMLAudioElement,
  | 'currentTime'
  | 'duration'
  | 'paused'
  | 'ended'
  | 'muted'
  | 'playbackRate'
  | 'play'
  | 'pause'
  | 'addEventListener'
  | 'removeEventListener'
  | 'removeAttribute'
  | 'load'
>;

export interface PlayerState {
  readonly playing: boolean;
  /** Position in seconds. */
  readonly time: number;
  /** Length in seconds, 0 while unknown. */
  readonly duration: number;
  /** Index of the track that is heard. */
  readonly active: number;
}

/** Plays one or more tracks of equal length in step, of which one is heard. */
export interface Player {
  readonly state: PlayerState;
  play(): Promise<void>;
  pause(): void;
  toggle(): void;
  /** Goes to a position in seconds, within the recording. */
  seek(seconds: number): void;
  /** Hears another track from the same instant on. */
  listenTo(track: number): void;
  /** How fast it plays, 1 as recorded; the pitch stays. */
  setSpeed(speed: number): void;
  /** Plays this part over and over, or on to the end without one. */
  setLoop(loop: Loop | undefined): void;
  /** To be called often while playing, so that a loop turns in time. */
  keepInLoop(): void;
  dispose(): void;
}

/** Tracks may drift apart by this much before the unheard one is put right. Seconds. */
const toleratedDrift = 0.03;

const events = ['play', 'pause', 'ended', 'timeupdate', 'seeked', 'loadedmetadata', 'durationchange'] as const;

/** Only one player sounds at a time: starting one pauses the one before. */
let sounding: Player | undefined;

/**
 * All tracks run at once and all but one are muted, so that switching between them is immediate and has no gap.
 *
 * @param onChange called whenever `state` may have changed
 */
export function createPlayer(tracks: readonly MediaLike[], onChange: () => void): Player {
  let active = 0;
  let loop: Loop | undefined;
  const heard = () => tracks[active];

  function alignUnheard(): void {
    const reference = heard();
    if (!reference) return;
    for (const track of tracks) {
      if (track !== reference && Math.abs(track.currentTime - reference.currentTime) > toleratedDrift) {
        track.currentTime = reference.currentTime;
      }
    }
  }

  function changed(event: Event): void {
    if (event.type === 'ended' && heard()?.ended) {
      if (loop) restart(loop);
      else for (const track of tracks) track.pause();
    }
    player.keepInLoop();
    onChange();
  }

  /** The end of the recording stops it before the end of a loop is seen. */
  function restart({ start }: Loop): void {
    player.seek(start);
    player.play().catch(onChange);
  }

  for (const [index, track] of tracks.entries()) {
    track.muted = index !== active;
    for (const event of events) track.addEventListener(event, changed);
  }

  const player: Player = {
    get state() {
      const track = heard();
      const duration = track && Number.isFinite(track.duration) ? track.duration : 0;
      return {
        playing: track !== undefined && !track.paused && !track.ended,
        time: Math.min(track?.currentTime ?? 0, duration || Number.POSITIVE_INFINITY),
        duration,
        active,
      };
    },
    async play() {
      if (sounding !== player) sounding?.pause();
      sounding = player;
      const { time } = player.state;
      if (loop && (time < loop.start || time >= loop.end)) player.seek(loop.start);
      alignUnheard();
      await Promise.all(tracks.map((track) => track.play()));
    },
    pause() {
      for (const track of tracks) track.pause();
      alignUnheard();
    },
    toggle() {
      if (player.state.playing) player.pause();
      // A browser may refuse to play, as before the first gesture: then the button simply stays at "play".
      else player.play().catch(onChange);
    },
    seek(seconds) {
      const { duration } = player.state;
      const position = Math.max(0, Math.min(seconds, duration));
      for (const track of tracks) track.currentTime = position;
      onChange();
    },
    listenTo(track) {
      if (track === active || !tracks[track]) return;
      alignUnheard();
      active = track;
      for (const [index, each] of tracks.entries()) each.muted = index !== active;
      onChange();
    },
    setSpeed(speed) {
      for (const track of tracks) track.playbackRate = speed;
    },
    setLoop(next) {
      loop = next;
      player.keepInLoop();
    },
    keepInLoop() {
      if (loop && player.state.playing && player.state.time >= loop.end) player.seek(loop.start);
    },
    dispose() {
      player.pause();
      if (sounding === player) sounding = undefined;
      for (const track of tracks) {
        for (const event of events) track.removeEventListener(event, changed);
        // Lets go of the media, as the HTML standard recommends.
        track.removeAttribute('src');
        track.load();
      }
    },
  };
  return player;
}
