import { createResource, createSignal, Show } from 'solid-js';
import { arrivedFresh } from '../../components/arrived.ts';
import { Button } from '../../components/button.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import styles from './similarity-meter.module.css';
import { readingOf } from './similarity-reading.ts';
import { words } from './similarity-words.ts';

/** How similar the result is to the voice that was asked for, measured on this device when somebody wants to know. */
export function SimilarityMeter(props: { readonly measure: () => Promise<number | null> }) {
  const [isWanted, setWanted] = createSignal(false);
  const [similarity, { refetch }] = createResource(
    () => isWanted() || undefined,
    () => props.measure(),
  );
  const measured = () => arrivedFresh(similarity);
  const score = () => {
    const value = measured();
    return typeof value === 'number' ? { value } : undefined;
  };
  let answer: HTMLDivElement | undefined;
  const start = () => {
    // The button goes away: who came by keyboard stands where the answer comes.
    answer?.focus();
    if (isWanted()) void refetch();
    else setWanted(true);
  };
  return (
    <>
      <div class={styles.meter}>
        <Show when={measured() === undefined && !similarity.loading}>
          <Button look="quiet" onClick={start}>
            {words().measure}
          </Button>
          <span class={styles.detail}>{words().firstTime}</span>
        </Show>
        {/* Present from the beginning: only what changes inside is read out. */}
        <div ref={answer} class={styles.meter} aria-live="polite" tabIndex={-1}>
          <Show when={similarity.loading}>
            <span class={styles.detail}>{words().measuring}</span>
          </Show>
          <Show when={measured() === null}>
            <span class={styles.detail}>{words().untold}</span>
          </Show>
          <Show when={score()}>
            {(told) => (
              <>
                <span class={styles.title}>{words().title}</span>
                <span class={styles.reading}>{words().readings[readingOf(told().value)]}</span>
                <span class={styles.detail}>
                  {words().score(formatNumber(Math.max(0, told().value), 2, language()))}
                </span>
              </>
            )}
          </Show>
        </div>
      </div>
      <Show when={similarity.error}>{(error) => <ProblemNotice error={error()} />}</Show>
    </>
  );
}
