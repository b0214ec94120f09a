import { join } from 'node:path';
import type { PackedArray } from './signals.ts';

/** What models/export/campplus_fixtures.py wrote: values of kaldi-native-fbank and of CAM++ in PyTorch. */
interface CampplusFixture {
  /** Of speech every n-th frame is kept. */
  readonly every: number;
  /** By the names of the files in samples/voices. */
  readonly speech: Readonly<
    Record<string, { readonly frames: number; readonly features: PackedArray; readonly embedding: PackedArray }>
  >;
  readonly edges: { readonly samples: PackedArray; readonly features: PackedArray };
}

export function loadCampplusFixture(): Promise<CampplusFixture> {
  const path = '../../core/engines/seed-vc/front-ends/fixtures/campplus.json';
  return Bun.file(join(import.meta.dir, path)).json();
}
