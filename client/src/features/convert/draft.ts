import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import { GiongError } from '#core/errors.ts';
import type { ConversionOrder } from '../../kernel/conversion-order.ts';
import type { Services } from '../../kernel/services.ts';
import type { Draft, StoredJob } from '../../kernel/stored/draft-store.ts';
import { fromStored, toStored } from '../../kernel/stored/stored-recording.ts';
import type { ConvertModel } from './convert-model.ts';
import { settingsOf } from './settings.ts';

/**
 * Keeps what was chosen and recorded on this device, so that it is there again after the page was loaded anew, and goes on with what
 * the server was doing then.
 */
export function createDraft({ deviceData, api }: Pick<Services, 'deviceData' | 'api'>) {
  let isLeaving = false;
  const leave = () => {
    isLeaving = true;
  };
  const comeBack = () => {
    isLeaving = false;
  };
  addEventListener('pagehide', leave);
  addEventListener('pageshow', comeBack);
  onCleanup(() => {
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', comeBack);
  });

  async function save(part: Partial<Draft>): Promise<void> {
    try {
      await (await deviceData()).draft.save(part);
    } catch (error) {
      console.info('the draft is not kept on this device', error);
    }
  }

  async function restore(model: ConvertModel, untouched: ConversionOrder): Promise<StoredJob | undefined> {
    const { source, voice, ownVoice, settings, job } = await (await deviceData()).draft.load();
    const now = model.currentOrder();
    // Who was quicker than the device's storage has chosen anew.
    if (now.source !== untouched.source || now.voice !== untouched.voice || model.run().phase !== 'idle') return job;
    const [oldSource, oldVoice, oldOwn] = [source, voice, ownVoice].map((stored) => stored && fromStored(stored));
    if (oldSource) model.chooseSource(oldSource);
    if (oldOwn) model.chooseOwnVoice(oldOwn);
    if (oldVoice && !isSame(voice, ownVoice)) model.chooseVoice(oldVoice);
    if (settings) model.change(settingsOf(settings));
    return job;
  }

  /** Whether the server still knows the job, as far as can be told now. */
  async function isKnown(id: string): Promise<boolean> {
    return api.job(id).then(
      () => true,
      (error: unknown) => !(error instanceof GiongError),
    );
  }

  async function resume(model: ConvertModel, { id, source, voice, settings }: StoredJob): Promise<void> {
    const [wholeSource, wholeVoice] = [fromStored(source), fromStored(voice)];
    if (wholeSource && wholeVoice && (await isKnown(id))) {
      await model.resume({ source: wholeSource, voice: wholeVoice, settings, jobId: id });
    } else await save({ job: undefined });
  }

  return {
    /** What the server is doing, to be found again after a reload; undefined when it is over. */
    rememberJob(order: ConversionOrder | undefined): void {
      if (isLeaving) return;
      const { jobId: id, source, voice, settings } = order ?? {};
      const job = id && source && voice && settings;
      void save({ job: job ? { id, source: toStored(source), voice: toStored(voice), settings } : undefined });
    },

    /** Restores what the model had, and keeps what it has from now on. */
    follow(model: ConvertModel): void {
      const [isRestored, setRestored] = createSignal(false);
      void restore(model, model.currentOrder())
        .then((job) => {
          setRestored(true);
          if (job) return resume(model, job);
        })
        .catch((error: unknown) => console.info('no draft was read on this device', error));

      const keep = (part: () => Partial<Draft>) =>
        createEffect(on([isRestored, part], ([ready, value]) => ready && void save(value)));
      keep(() => ({ source: toStored(model.source()) }));
      keep(() => ({ voice: toStored(model.voice()) }));
      keep(() => {
        const own = model.ownVoice();
        return { ownVoice: own && toStored(own) };
      });
      keep(() => ({ settings: { ...model.settings } }));
    },
  };
}

/** Whether both are the same file: storage gives each a copy of its own. */
function isSame(a: Draft['voice'] | undefined, b: Draft['ownVoice']): boolean {
  if (a?.kind !== 'whole' || b?.kind !== 'whole') return false;
  const [one, other] = [a.recording, b.recording];
  return one.kind === 'file' && other.kind === 'file' && one.name === other.name && one.blob.size === other.blob.size;
}
