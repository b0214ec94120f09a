/** What the child process is asked to measure. */
export interface Task {
  /** A model as the exporter wrote it, such as `seed-vc-fast-int8`. */
  readonly model: string;
  /** The exporter's folder. */
  readonly models: string;
  readonly runtime: 'wasm' | 'native';
  readonly threads: number;
  readonly steps: readonly number[];
  /** At each which step guidance is computed anew: each beside all numbers of steps. */
  readonly guidanceEvery: readonly number[];
  /** Rounds whose medians are told, after one that does not count. */
  readonly rounds: number;
}

/** What it found, in milliseconds of wall time. */
export interface Measured {
  /** Runs of each graph for the source and for the reference; `step`: the estimator, per diffusion step with guidance. */
  readonly parts: Readonly<Record<string, number>>;
  /** Making the voice from the reference. */
  readonly voice: number;
  /** Conversions by their number of steps, into a voice that is kept: its making is not in them. */
  readonly conversion: Readonly<Record<string, number>>;
  /** Loading all graphs. */
  readonly load: number;
}

export const sourceSeconds = 10;
export const referenceSeconds = 5;
