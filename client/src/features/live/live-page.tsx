import { onCleanup, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Button } from '../../components/button.tsx';
import { Meter } from '../../components/meter.tsx';
import { Notice } from '../../components/notice.tsx';
import { formatPercent } from '../../i18n/format.ts';
import cards from '../shared/cards.module.css';
import page from '../shared/page.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { createLiveModel, type LiveModel } from './live-model.ts';
import styles from './live-page.module.css';
import { LiveSettingsCard } from './live-settings-card.tsx';
import { words } from './words.ts';

/** The screen "Trực tiếp": microphone in, the chosen voice out, with little delay. */
export default function LivePage() {
  const model = createLiveModel(useApp().services);
  onCleanup(model.close);
  return (
    <>
      <header class={page.hero}>
        <h1>{words().title}</h1>
        <p>{words().lead}</p>
      </header>
      <div class={page.cards}>
        <Stage model={model} />
        <LiveSettingsCard model={model} />
      </div>
    </>
  );
}

function Stage(props: { readonly model: LiveModel }) {
  const { model } = props;
  const isOn = () => model.state() === 'on';
  return (
    <section class={cards.card} aria-label={words().stage}>
      <p class={styles.state} role="status">
        <span class={styles.dot} classList={{ [styles.live ?? '']: isOn() }} />
        {isOn() ? words().on : model.state() === 'starting' ? words().starting : words().off}
      </p>
      <Problem model={model} />
      <Show
        when={isOn()}
        fallback={
          <Button
            look="primary"
            size="large"
            icon="microphone"
            disabled={model.state() === 'starting'}
            onClick={() => void model.start()}
          >
            {model.state() === 'starting' ? words().starting : words().start}
          </Button>
        }
      >
        <Button look="danger" size="large" icon="stop" onClick={() => void model.stop()}>
          {words().stop}
        </Button>
      </Show>
      <Level label={words().input} value={model.meter().inputPeak} />
      <Level label={words().output} value={model.meter().outputPeak} />
      <Facts model={model} />
      <Show when={isOn() && !model.hasHeadphones()}>
        <Notice
          kind="remark"
          title={words().headphonesTitle}
          actions={<Button onClick={model.wearHeadphones}>{words().wearing}</Button>}
        >
          {words().headphones}
        </Notice>
      </Show>
      <div class={styles.actions}>
        <Show when={model.hasHeadphones()}>
          <Button aria-pressed={model.isHeard()} onClick={() => model.hear(!model.isHeard())}>
            {model.isHeard() ? words().mute : words().hear}
          </Button>
        </Show>
        <Show when={isOn()}>
          <Button
            icon={model.isRecording() ? 'stop' : 'microphone'}
            onClick={() => (model.isRecording() ? void model.stopRecording() : model.record())}
          >
            {model.isRecording() ? words().stopRecording : words().record}
          </Button>
        </Show>
      </div>
      <Show when={model.recorded()}>
        {(url) => (
          <div class={styles.recorded}>
            <span>{words().recorded}</span>
            <a href={url()} download={words().fileName}>
              {words().download}
            </a>
          </div>
        )}
      </Show>
    </section>
  );
}

function Problem(props: { readonly model: LiveModel }) {
  const { model } = props;
  const failure = () => {
    const problem = model.problem();
    return problem?.kind === 'failed' ? problem.error : undefined;
  };
  const obstacle = () => {
    const problem = model.problem();
    return problem && problem.kind !== 'failed' ? problem.kind : undefined;
  };
  return (
    <>
      <Show when={failure()}>{(error) => <ProblemNotice error={error()} />}</Show>
      <Show when={obstacle()}>{(kind) => <Notice kind="problem">{words()[kind()]}</Notice>}</Show>
      <Show when={model.state() === 'on' && model.isSlow()}>
        <Notice kind="problem" title={words().tooSlowTitle}>
          {words().tooSlow}
        </Notice>
      </Show>
    </>
  );
}

function Level(props: { readonly label: string; readonly value: number }) {
  return (
    <div class={styles.level}>
      <span aria-hidden="true">{props.label}</span>
      <Meter aria-label={props.label} min={0} max={1} value={Math.sqrt(props.value)} />
    </div>
  );
}

function Facts(props: { readonly model: LiveModel }) {
  const { model } = props;
  const through = () => model.meter().throughSeconds;
  const isKnown = () => model.state() === 'on' && through() > 0;
  const inMilliseconds = (seconds: number) => words().milliseconds(Math.round(1000 * seconds));
  return (
    <dl class={styles.facts}>
      <div>
        <dt>{words().delay}</dt>
        <dd data-fact="delay">{isKnown() ? inMilliseconds(through() + model.outside()) : words().notYet}</dd>
        <Show when={isKnown()}>
          <dd class={styles.detail} data-fact="through" data-milliseconds={Math.round(1000 * through())}>
            {words().delayParts(inMilliseconds(through()), inMilliseconds(model.outside()))}
          </dd>
        </Show>
      </div>
      <div>
        <dt>{words().dropOuts}</dt>
        <dd data-fact="drop-outs" data-count={model.dropOuts()}>
          {words().dropOutCount(model.dropOuts())}
        </dd>
      </div>
      <div>
        <dt>{words().load}</dt>
        <dd data-fact="load">{isKnown() ? formatPercent(model.load()) : words().notYet}</dd>
      </div>
    </dl>
  );
}
