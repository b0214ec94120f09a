import { createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Button } from '../../components/button.tsx';
import { language, t } from '../../i18n/index.ts';
import { sampleRecordings } from '../../kernel/samples.ts';
import cards from '../shared/cards.module.css';
import { DropZone } from '../shared/drop-zone.tsx';
import { FileButton, recordingsIn } from '../shared/file-input.tsx';
import { nameOf } from '../shared/names.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { Recorder } from '../shared/recorder.tsx';
import { RecordingPlayer } from '../shared/recording-player.tsx';
import type { ConvertModel } from './convert-model.ts';
import styles from './source-card.module.css';

/** Where the words come from: a sample, a file (dropped, picked or pasted), or the microphone. */
export function SourceCard(props: { readonly model: ConvertModel }) {
  const { model } = props;
  const { batch } = useApp();
  const [recording, setRecording] = createSignal(false);
  const name = () => nameOf(model.source(), language());
  const isRecorded = () => {
    const source = model.source();
    return source.kind === 'file' && source.origin === 'microphone';
  };

  // A file dropped beside the card or pasted anywhere is a source too, rather than a page that the browser leaves for it.
  onMount(() => {
    const onDragOver = (event: DragEvent) => event.preventDefault();
    const onFile = (event: DragEvent | ClipboardEvent) => {
      const recordings = recordingsIn('clipboardData' in event ? event.clipboardData : event.dataTransfer);
      const [first] = recordings;
      if (!first) return;
      event.preventDefault();
      setRecording(false);
      if (recordings.length > 1) batch.add(recordings);
      else model.chooseSource(first);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('drop', onFile);
    document.addEventListener('paste', onFile);
    onCleanup(() => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('drop', onFile);
      document.removeEventListener('paste', onFile);
    });
  });

  return (
    <DropZone label={t().source.title} class={cards.card} onFile={model.chooseSource} onSeveral={batch.add}>
      <header class={cards.header}>
        <h2>{t().source.title}</h2>
        <p>{t().source.hint}</p>
      </header>
      <Show
        when={!recording()}
        fallback={
          <Recorder
            onRecorded={(recorded) => {
              setRecording(false);
              model.chooseSource(recorded);
            }}
            onDiscard={() => setRecording(false)}
          />
        }
      >
        <div class={styles.chosen}>
          <p class={styles.name} title={name()}>
            {name()}
          </p>
          <Show when={!model.sourceProblem()} fallback={<ProblemNotice error={model.sourceProblem()} />}>
            <Show when={model.inspectedSource()} fallback={<p class={styles.reading}>{t().source.reading}</p>}>
              {(inspected) => <RecordingPlayer inspected={inspected()} name={name()} label={t().source.waveform} />}
            </Show>
          </Show>
        </div>
        <div class={styles.drop}>
          <p class={styles.dropTitle}>{t().source.drop}</p>
          <p class={styles.dropDetail}>{t().source.dropDetail}</p>
          <div class={styles.actions}>
            <FileButton label={t().source.pick} onPick={model.chooseSource} onSeveral={batch.add} />
            <Button icon="microphone" onClick={() => setRecording(true)}>
              {isRecorded() ? t().source.recordAgain : t().source.record}
            </Button>
          </div>
        </div>
        <div class={styles.samples}>
          <p id="sample-recordings">{t().source.samples}</p>
          <ul aria-labelledby="sample-recordings">
            <For each={sampleRecordings}>
              {(sample) => (
                <li>
                  <button
                    type="button"
                    class={styles.sample}
                    aria-pressed={isSample(model, sample.id)}
                    onClick={() => model.chooseSource({ kind: 'sample', sample })}
                  >
                    {sample.name[language()]}
                  </button>
                </li>
              )}
            </For>
          </ul>
        </div>
      </Show>
    </DropZone>
  );
}

function isSample(model: ConvertModel, id: string): boolean {
  const source = model.source();
  return source.kind === 'sample' && source.sample.id === id;
}
