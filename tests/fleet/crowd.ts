import { expect } from 'bun:test';
import { decodeAudio } from '#core/audio/decode.ts';
import { sampleFile, wavOf } from '../server/sounds.ts';
import { until } from '../services/until.ts';
import { FleetUser } from './fleet-user.ts';

export interface Crowd {
  /** How many jobs have been heard of as ended, by all users together. */
  readonly ended: number;
  /** Resolves once so many have. */
  reached(count: number): Promise<void>;
  /** Resolves when every user has heard of the end of each job of theirs. */
  finished: Promise<void>;
  /** That every job ended done, was heard of, and has one sound result; throws what users' requests threw. */
  expectAllDone(): Promise<void>;
  leave(): void;
}

/** Users who convert recordings, a few at a time each, as different jobs. */
export async function startCrowd(url: string, sizes: { users: number; jobsEach: number }): Promise<Crowd> {
  const users = await Promise.all(Array.from({ length: sizes.users }, () => FleetUser.arrive(url)));
  const seconds = 1.5;
  const speech = await shortSpeech(seconds);
  const ids = new Map<FleetUser, string[]>(users.map((user) => [user, []]));

  const work = async (user: FleetUser) => {
    const source = await user.upload(speech, 'lời nói.wav');
    const lane = async (seeds: number[]) => {
      for (const seed of seeds) {
        const id = await user.convert({ source, voice: 'sample-1688', seed });
        ids.get(user)?.push(id);
        await user.hearsOf(id);
      }
    };
    const seeds = Array.from({ length: sizes.jobsEach }, (_, index) => index);
    await Promise.all([0, 1].map((parity) => lane(seeds.filter((seed) => seed % 2 === parity))));
  };
  const finished = Promise.all(users.map(work)).then(() => {});
  // Whoever awaits it gets its error; until then it is nobody's.
  finished.catch(() => {});

  const countEnded = () => users.reduce((total, { endings }) => total + endings.size, 0);
  return {
    get ended() {
      return countEnded();
    },
    async reached(count) {
      const enough = until(`${count} jobs ended`, () => countEnded() >= count, 240);
      await Promise.race([enough, finished.then(() => enough)]);
    },
    finished,
    async expectAllDone() {
      await finished;
      for (const user of users) {
        const own = ids.get(user) ?? [];
        const jobs = await user.jobs();
        expect(jobs.map(({ id }) => id).toSorted()).toEqual(own.toSorted());
        for (const job of jobs) {
          expect(job).toMatchObject({ status: 'done', error: null, progress: 1 });
          expect(user.endings.get(job.id)).toBe('done');
        }
      }
      // Every user's first and last results are looked into; that all others are there and whole, their length tells.
      await Promise.all(
        users.map(async (user) => {
          for (const { id, result } of await user.jobs()) {
            const bytes = await user.result(id);
            expect(bytes.length).toBe(result?.bytes ?? 0);
            if (id !== ids.get(user)?.[0]) continue;
            const { audio, info } = await decodeAudio(bytes);
            expect(info.seconds).toBeCloseTo(seconds, 2);
            expect(Math.max(...audio.samples)).toBeGreaterThan(0.02);
          }
        }),
      );
    },
    leave() {
      for (const user of users) user[Symbol.dispose]();
    },
  };
}

/** The beginning of a sample recording, as a file. */
async function shortSpeech(seconds: number): Promise<Uint8Array<ArrayBuffer>> {
  const { audio } = await decodeAudio(await sampleFile('recordings/vietnamese.flac').bytes());
  return wavOf(audio.samples.slice(0, seconds * audio.sampleRate), audio.sampleRate);
}
