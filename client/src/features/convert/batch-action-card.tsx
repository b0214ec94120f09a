import { Show } from 'solid-js';
import buttons from '../../components/button.module.css';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { Icon } from '../../components/icon.tsx';
import { formatPercent } from '../../i18n/format.ts';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import actions from './action-card.module.css';
import styles from './batch.module.css';
import type { BatchModel } from './batch-model.ts';
import { words } from './batch-words.ts';
import type { ConvertModel } from './convert-model.ts';
import { OptionsPanel } from './options-panel.tsx';
import { PlacePicker } from './place-picker.tsx';

/** Converts a batch, shows how far it is, and gives all of its results away in one file. */
export function BatchActionCard(props: { readonly batch: BatchModel; readonly model: ConvertModel }) {
  const { batch } = props;
  const count = () => batch.files.length;
  const isOver = () => batch.phase() === 'over';
  return (
    <section class={classNames(cards.card, actions.card)} aria-label={words().run(count())}>
      <Show when={batch.problem()}>{(error) => <ProblemNotice error={error()} />}</Show>
      <div class={actions.row}>
        <PlacePicker model={props.model} />
        <Show
          when={batch.phase() === 'running'}
          fallback={
            <div class={classNames(actions.go, !isOver() && actions.floating)}>
              <Button look={isOver() ? 'plain' : 'primary'} size="large" icon="arrow" onClick={() => void batch.run()}>
                {isOver() ? words().again : words().run(count())}
              </Button>
            </div>
          }
        >
          <div class={classNames(actions.running, actions.floating, styles.running)}>
            <p class={styles.name} role="status">
              {words().running(batch.doneCount(), count())}
            </p>
            <Button icon="close" onClick={() => batch.cancel()}>
              {words().cancel}
            </Button>
            <progress
              class={styles.progress}
              aria-label={words().progress}
              aria-valuetext={formatPercent(batch.fraction())}
              max={1}
              value={batch.fraction()}
            />
          </div>
        </Show>
      </div>
      <Show when={isOver()}>
        <div class={styles.over}>
          <p role="status">{words().over(batch.doneCount(), count())}</p>
          <Show when={batch.doneCount() > 0}>
            <Show
              when={batch.place() === 'server' && batch.zipUrl()}
              fallback={
                <Button look="primary" icon="download" onClick={() => void batch.saveZip(words().zipName)}>
                  {words().zip}
                </Button>
              }
            >
              {(url) => (
                <a class={classNames(buttons.button, buttons.primary, styles.zip)} href={url()} download="">
                  <Icon name="download" size={18} />
                  {words().zip}
                </a>
              )}
            </Show>
          </Show>
        </div>
      </Show>
      <OptionsPanel model={props.model} />
    </section>
  );
}
