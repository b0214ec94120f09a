import { createSignal, For, Show } from 'solid-js';
import { warningsOf } from '#core/voice/quality.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Segmented } from '../../components/segmented.tsx';
import { TextField } from '../../components/text-field.tsx';
import { formatDuration } from '../../i18n/format.ts';
import { language, t } from '../../i18n/index.ts';
import cards from '../shared/cards.module.css';
import { DropZone } from '../shared/drop-zone.tsx';
import { FileButton } from '../shared/file-input.tsx';
import { nameOf } from '../shared/names.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { Recorder } from '../shared/recorder.tsx';
import styles from './maker-card.module.css';
import { goodSpeechSeconds, type KeptAt, mostReferences, type VoicesModel } from './voices-model.ts';
import { words } from './words.ts';

/** As long as the server takes. */
const longestName = 100;

/** Makes a voice: recordings, what they are worth, a name, and the owner's consent. */
export function MakerCard(props: { readonly model: VoicesModel }) {
  const { model } = props;
  const [recording, setRecording] = createSignal(false);
  const [name, setName] = createSignal('');
  const [consent, setConsent] = createSignal(false);
  const [place, setPlace] = createSignal<KeptAt>('server');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<unknown>();
  const [saved, setSaved] = createSignal<string>();
  const isReady = () =>
    model.references().length > 0 && !model.quality.error && name().trim() !== '' && consent() && !busy();

  async function save(event: Event): Promise<void> {
    event.preventDefault();
    if (!isReady()) return;
    setBusy(true);
    setError(undefined);
    setSaved(undefined);
    try {
      const called = name().trim();
      await model.save(called, place());
      setSaved(called);
      setName('');
      setConsent(false);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <DropZone
      label={words().make.title}
      class={cards.card}
      onFile={(file) => model.add([file])}
      onSeveral={(files) => model.add(files)}
    >
      <header class={cards.header}>
        <h2>{words().make.title}</h2>
        <p>{words().make.hint}</p>
      </header>
      <Show
        when={recording()}
        fallback={
          <div class={styles.actions}>
            <FileButton
              label={t().source.pick}
              onPick={(file) => model.add([file])}
              onSeveral={(files) => model.add(files)}
            />
            <Button icon="microphone" onClick={() => setRecording(true)}>
              {t().source.record}
            </Button>
          </div>
        }
      >
        <p class={styles.quiet}>{words().make.readAloud}</p>
        <blockquote class={styles.script}>{words().make.script}</blockquote>
        <Recorder
          onRecorded={(recorded) => {
            setRecording(false);
            model.add([recorded]);
          }}
          onDiscard={() => setRecording(false)}
        />
      </Show>
      <Show when={model.references().length > 0}>
        <ul class={styles.samples} aria-label={words().make.samples}>
          <For each={model.references()}>
            {(reference) => (
              <li class={styles.sample}>
                <span>{nameOf(reference, language())}</span>
                <Button
                  look="quiet"
                  icon="close"
                  aria-label={words().make.removeSample(nameOf(reference, language()))}
                  onClick={() => model.removeReference(reference)}
                />
              </li>
            )}
          </For>
        </ul>
        <Show when={model.references().length >= mostReferences}>
          <p class={styles.quiet}>{words().make.mostReached}</p>
        </Show>
        <Worth model={model} />
      </Show>
      <form class={styles.form} onSubmit={(event) => void save(event)}>
        <TextField
          label={words().make.name}
          placeholder={words().make.placeholder}
          value={name()}
          onInput={setName}
          maxlength={longestName}
          autocomplete="off"
        />
        <Segmented
          label={words().make.place}
          choices={[
            { value: 'server', label: words().make.server },
            { value: 'device', label: words().make.device },
          ]}
          value={place()}
          onChange={setPlace}
        />
        <label class={styles.consent}>
          <input type="checkbox" checked={consent()} onChange={(event) => setConsent(event.currentTarget.checked)} />
          <span>{words().make.consent}</span>
        </label>
        <Show when={error()}>{(failure) => <ProblemNotice error={failure()} />}</Show>
        <Button type="submit" look="primary" icon="check" disabled={!isReady()}>
          {busy() ? words().make.saving : words().make.save}
        </Button>
        <p role="status">
          <Show when={saved()}>{(called) => words().make.saved(called())}</Show>
        </p>
      </form>
    </DropZone>
  );
}

/** How much speech there is, how much more would help, and what is wrong with it. */
function Worth(props: { readonly model: VoicesModel }) {
  const { quality } = props.model;
  const missing = (speechSeconds: number) => Math.max(0, goodSpeechSeconds - speechSeconds);
  return (
    <Show when={!quality.error} fallback={<ProblemNotice error={quality.error} />}>
      <Show when={!quality.loading && quality()} fallback={<p class={styles.quiet}>{words().make.checking}</p>}>
        {(measured) => (
          <div class={styles.worth} role="status">
            <p>
              <strong>{words().make.speech(formatDuration(measured().speechSeconds, language()))}</strong>{' '}
              {missing(measured().speechSeconds) > 0
                ? words().make.more(formatDuration(missing(measured().speechSeconds), language()))
                : words().make.enough}
            </p>
            <For each={warningsOf(measured())}>
              {(warning) => <Notice kind="remark">{words().make.warnings[warning]}</Notice>}
            </For>
          </div>
        )}
      </Show>
    </Show>
  );
}
