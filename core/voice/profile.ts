/** A named array of a profile: features that an engine keeps of the references. */
export interface Feature {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * A stored, reusable description of a speaker, made from one or more references. Each engine keeps its own features under its id,
 * so one voice can serve several engines.
 */
export interface VoiceProfile {
  /** Seconds of speech that the profile was made from. */
  readonly speechSeconds: number;
  readonly engines: Readonly<Record<string, Readonly<Record<string, Feature>>>>;
}
