import { createEffect, createSignal, on } from 'solid-js';
import { language } from '../../i18n/index.ts';
import { nameOf } from '../shared/names.ts';
import type { ConvertModel } from './convert-model.ts';
import { words } from './later-words.ts';

const [isEndAskedFor, setEndAskedFor] = createSignal(false);

/** Whether the user wants to be told when conversions of this visit end. */
export { isEndAskedFor, setEndAskedFor };

/** Asks the browser for leave, where it has none yet. */
export async function mayNotify(): Promise<boolean> {
  return (await Notification.requestPermission()) === 'granted';
}

/** Tells of the end of a conversion while the user looks elsewhere, where they have asked for it. */
export function notifyOfEnd(model: Pick<ConvertModel, 'run' | 'source'>): void {
  createEffect(
    on(
      () => model.run().phase,
      (phase, before) => {
        if (before !== 'running' || !isEndAskedFor() || !document.hidden) return;
        if (phase !== 'done' && phase !== 'failed') return;
        const name = nameOf(model.source(), language());
        const notification = new Notification(words()[phase](name), { tag: 'giong-end', icon: '/icons/icon-192.png' });
        notification.onclick = () => window.focus();
      },
    ),
  );
}
