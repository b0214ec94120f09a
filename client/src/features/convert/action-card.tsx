import { createEffect, Match, on, Show, Switch } from 'solid-js';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { t } from '../../i18n/index.ts';
import { ServerUnreachableError } from '../../kernel/api-errors.ts';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import styles from './action-card.module.css';
import type { ConvertModel, Run } from './convert-model.ts';
import { OptionsPanel } from './options-panel.tsx';
import { PlacePicker } from './place-picker.tsx';
import { ProgressView } from './progress-view.tsx';
import { SendLaterButton, SentLaterRemark } from './send-later.tsx';

/** The one thing to press, what it depends on, and what comes of it while it runs or when it fails. */
export function ActionCard(props: { readonly model: ConvertModel }) {
  const { model } = props;
  const running = () => inPhase(model.run(), 'running');
  const failed = () => inPhase(model.run(), 'failed');
  let goButton: HTMLButtonElement | undefined;
  // The progress takes the button's place: whoever pressed it by keyboard gets it back when the work is over without a result.
  createEffect(
    on(
      () => model.run().phase,
      (phase) => {
        if (phase === 'cancelled' || phase === 'failed') goButton?.focus({ preventScroll: true });
      },
    ),
  );
  const otherPlace = () => (failed()?.place === 'browser' ? 'server' : 'browser');

  return (
    <section class={classNames(cards.card, styles.card)} aria-label={t().convert.action}>
      <Show when={failed()}>
        {(failure) => (
          <ProblemNotice
            error={failure().error}
            actions={
              <>
                <Button look="primary" icon="retry" onClick={() => void model.convert()}>
                  {t().error.retry}
                </Button>
                <Button onClick={() => void model.convertAt(otherPlace())}>
                  {otherPlace() === 'server' ? t().error.tryOnServer : t().error.tryHere}
                </Button>
                <Show when={failure().error instanceof ServerUnreachableError}>
                  <SendLaterButton />
                </Show>
              </>
            }
          />
        )}
      </Show>
      <div class={styles.row}>
        <PlacePicker model={model} />
        <Show when={!failed() && !running() && model.choice().reason === 'chosen-but-unreachable'}>
          <SendLaterButton />
        </Show>
        <Show
          when={running()}
          fallback={
            <div class={classNames(styles.go, !model.converted() && styles.floating)}>
              <Button ref={goButton} look="primary" size="large" icon="arrow" onClick={() => void model.convert()}>
                {model.converted() ? t().convert.again : t().convert.action}
              </Button>
            </div>
          }
        >
          {(run) => (
            <div class={classNames(styles.running, styles.floating)}>
              <ProgressView run={run()} onCancel={model.cancel} />
            </div>
          )}
        </Show>
      </div>
      <SentLaterRemark />
      <OptionsPanel model={model} />
      <p class="visually-hidden" role="status">
        <Switch>
          <Match when={model.run().phase === 'done'}>{t().convert.finished}</Match>
          <Match when={model.run().phase === 'cancelled'}>{t().convert.cancelled}</Match>
        </Switch>
      </p>
    </section>
  );
}

/** The run as one of its phases, undefined in any other. */
function inPhase<Phase extends Run['phase']>(run: Run, phase: Phase): (Run & { phase: Phase }) | undefined {
  return run.phase === phase ? (run as Run & { phase: Phase }) : undefined;
}
