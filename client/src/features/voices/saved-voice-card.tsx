import { useNavigate } from '@solidjs/router';
import { createSignal, For, Show } from 'solid-js';
import { warningsOf } from '#core/voice/quality.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../components/button.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import { safeFileName } from '../shared/names.ts';
import { TryVoiceButton } from './try-voice-button.tsx';
import type { VoiceItem } from './voice-item.ts';
import type { VoicesModel } from './voices-model.ts';
import styles from './voices-page.module.css';
import { words } from './words.ts';

/** A saved voice with what can be done with it. */
export function SavedVoiceCard(props: {
  readonly item: VoiceItem;
  readonly model: VoicesModel;
  readonly attempt: (work: () => Promise<void>, said?: string) => Promise<void>;
}) {
  const { convert } = useApp();
  const navigate = useNavigate();
  const [mode, setMode] = createSignal<'shown' | 'renaming' | 'asking'>('shown');
  const [newName, setNewName] = createSignal('');
  const name = () => props.item.name;
  const warnings = () => (props.item.quality ? warningsOf(props.item.quality) : []);
  const focused = (element: HTMLElement) => queueMicrotask(() => element.focus());

  async function use(): Promise<void> {
    convert.chooseVoice(await props.model.choiceOf(props.item));
    navigate('/');
  }
  async function exportFile(): Promise<void> {
    const url = URL.createObjectURL(await props.model.profileOf(props.item));
    const link = document.createElement('a');
    link.href = url;
    link.download = `${safeFileName(name()) || 'giong'}.giong-voice`;
    link.click();
    // The download has its own hold on the bytes once it has begun.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
  async function rename(): Promise<void> {
    await props.model.rename(props.item, newName().trim());
    setMode('shown');
  }

  return (
    <li class={styles.voice}>
      <TryVoiceButton item={props.item} model={props.model} />
      <div class={styles.about}>
        <p class={styles.name}>{name()}</p>
        <p class={styles.detail}>
          {words().places[props.item.place]}
          <Show when={props.item.speechSeconds}>
            {(seconds) => ` · ${words().saved.seconds(formatNumber(seconds(), 0, language()))}`}
          </Show>
          <Show when={props.item.quality && warnings().length === 0}>{` · ${words().make.good}`}</Show>
        </p>
        <For each={warnings()}>{(warning) => <p class={styles.caution}>{words().warnings[warning]}</p>}</For>
      </div>
      <Show when={mode() === 'shown'}>
        <div class={styles.voiceActions}>
          <Button aria-label={words().saved.useNamed(name())} onClick={() => void props.attempt(use)}>
            {words().saved.use}
          </Button>
          <Button
            look="quiet"
            aria-label={words().saved.renameNamed(name())}
            onClick={() => {
              setNewName(name());
              setMode('renaming');
            }}
          >
            {words().saved.rename}
          </Button>
          <Button
            look="quiet"
            aria-label={words().saved.exportNamed(name())}
            onClick={() => void props.attempt(exportFile)}
          >
            {words().saved.export}
          </Button>
          <Button
            look="quiet"
            onClick={() => void props.attempt(() => props.model.copy(props.item), words().saved.copied(name()))}
          >
            {words().saved.copyTo[props.item.place === 'server' ? 'device' : 'server']}
          </Button>
          <Button look="quiet" aria-label={words().saved.removeNamed(name())} onClick={() => setMode('asking')}>
            {words().saved.remove}
          </Button>
        </div>
      </Show>
      <Show when={mode() === 'renaming'}>
        <form
          class={styles.voiceActions}
          onSubmit={(event) => {
            event.preventDefault();
            if (newName().trim() !== '') void props.attempt(rename);
          }}
        >
          <input
            ref={focused}
            class={styles.input}
            aria-label={words().saved.newName}
            maxLength={100}
            value={newName()}
            onInput={(event) => setNewName(event.currentTarget.value)}
          />
          <Button type="submit">{words().saved.keepName}</Button>
          <Button look="quiet" onClick={() => setMode('shown')}>
            {words().saved.cancel}
          </Button>
        </form>
      </Show>
      <Show when={mode() === 'asking'}>
        <div class={styles.voiceActions}>
          <span>{words().saved.removeAsk}</span>
          <Button
            look="danger"
            onClick={() => void props.attempt(() => props.model.remove(props.item), words().saved.removed(name()))}
          >
            {words().saved.removeYes}
          </Button>
          <Button ref={focused} look="quiet" onClick={() => setMode('shown')}>
            {words().saved.removeNo}
          </Button>
        </div>
      </Show>
    </li>
  );
}
