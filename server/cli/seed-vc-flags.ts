import type { Command } from 'commander';
import type { Language } from '../language.ts';
import { seedVcWords } from './words/seed-vc.ts';

/** Options of the Seed-VC engines, as they come from the command line. */
export interface SeedVcFlags {
  readonly diffusionSteps?: string;
  readonly lengthAdjust?: string;
  readonly inferenceCfgRate?: string;
  readonly guidanceEvery?: string;
  readonly f0Condition?: string;
  readonly autoF0Adjust?: string;
  readonly semitoneShift?: string;
}

export function withSeedVcFlags(command: Command, language: Language): Command {
  const words = seedVcWords[language];
  return command
    .option('--diffusion-steps <1..100>', words.diffusionSteps)
    .option('--length-adjust <0.5..2>', words.lengthAdjust)
    .option('--inference-cfg-rate <0..1>', words.inferenceCfgRate)
    .option('--guidance-every <1..4>', words.guidanceEvery)
    .option('--f0-condition <true|false>', words.f0Condition)
    .option('--auto-f0-adjust <true|false>', words.autoF0Adjust)
    .option('--semitone-shift <semitones>', words.semitoneShift);
}

/** What `parseOptions` is to check. */
export function seedVcOptionsOf(flags: SeedVcFlags): Readonly<Record<keyof SeedVcFlags, unknown>> {
  return {
    diffusionSteps: number(flags.diffusionSteps),
    lengthAdjust: number(flags.lengthAdjust),
    inferenceCfgRate: number(flags.inferenceCfgRate),
    guidanceEvery: number(flags.guidanceEvery),
    f0Condition: truth(flags.f0Condition),
    autoF0Adjust: truth(flags.autoF0Adjust),
    semitoneShift: number(flags.semitoneShift),
  };
}

/** NaN, which every bound refuses, for what is no number. */
export function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text.trim() || Number.NaN);
}

/** The text itself, which is refused as no truth value, for anything but `true` and `false`. */
function truth(text: string | undefined): unknown {
  return text === 'true' ? true : text === 'false' ? false : text;
}
