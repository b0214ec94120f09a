import { createSignal, For, onMount, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { formatNumber } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import { deviceMemoryGigabytes } from '../../kernel/capabilities.ts';
import { type KeptPart, keptParts, removeAppCopy, storedBytes } from '../../kernel/kept-here.ts';
import type { SystemApi } from '../../kernel/system-api.ts';
import { ModelsHere } from '../engines/models-here.tsx';
import { engineName } from '../engines/words.ts';
import { formatBytes } from '../shared/bytes.ts';
import cards from '../shared/cards.module.css';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { createAttempt } from './attempt.ts';
import { DeleteEverything } from './delete-everything.tsx';
import styles from './lists.module.css';
import { words } from './words.ts';

/** The part "Trên máy này": what this device can do, what is kept on it, and how to be rid of that. */
export function DeviceCard(props: { readonly api: SystemApi }) {
  const [parts, setParts] = createSignal<readonly KeptPart[]>([]);
  const [total, setTotal] = createSignal<number>();
  const [asks, setAsks] = createSignal(false);
  const [said, setSaid] = createSignal('');
  const attempt = createAttempt();
  const own = () => words().device;

  async function look(): Promise<void> {
    setParts(await keptParts());
    setTotal(await storedBytes());
  }
  onMount(() => void attempt.run(look));

  async function clear(): Promise<void> {
    const done = await attempt.run(async () => {
      await removeAppCopy();
      await look();
    });
    if (done) setSaid(own().clear.done);
    setAsks(false);
  }

  return (
    <section class={cards.card} aria-labelledby="device">
      <header class={cards.header}>
        <h2 id="device">{own().title}</h2>
        <p>{own().lead}</p>
      </header>
      <Abilities />
      <div class={styles.part}>
        <h3>{own().kept}</h3>
        <Show when={parts().length > 0} fallback={<p class={styles.quiet}>{own().nothing}</p>}>
          <dl class={styles.facts}>
            <For each={parts()}>
              {({ kind, bytes }) => <Fact name={own().parts[kind]} value={formatBytes(bytes, language())} />}
            </For>
            <Show when={total()}>
              {(bytes) => <Fact name={own().total} value={formatBytes(bytes(), language())} />}
            </Show>
          </dl>
          <Button onClick={() => setAsks(true)}>{own().clear.action}</Button>
        </Show>
        <p role="status">{said()}</p>
        <Show when={attempt.error()}>{(error) => <ProblemNotice error={error()} />}</Show>
      </div>
      <KeptEngines />
      <DeleteEverything api={props.api} />
      <Show when={asks()}>
        <ConfirmDialog
          title={own().clear.title}
          confirmLabel={own().clear.action}
          cancelLabel={own().clear.cancel}
          onConfirm={clear}
          onCancel={() => setAsks(false)}
        >
          {own().clear.text}
        </ConfirmDialog>
      </Show>
    </section>
  );
}

/** Models that the user had fetched, or may fetch, each with a way to be rid of it. */
function KeptEngines() {
  const { engines } = useApp();
  onMount(() => void engines.refresh());
  const ids = () => {
    const kept = engines.kept().map(({ engine }) => engine);
    return [...new Set([...kept, ...engines.offered().filter((id) => engines.fetchable(id))])];
  };
  return (
    <Show when={ids().length > 0}>
      <div class={styles.part}>
        <h3>{words().device.engines}</h3>
        <For each={ids()}>
          {(id) => (
            <div class={styles.engine}>
              <p class={styles.name}>{engineName(id)}</p>
              <ModelsHere engine={id} />
            </div>
          )}
        </For>
      </div>
    </Show>
  );
}

/** What decides whether and how fast this device converts by itself. */
function Abilities() {
  const { services } = useApp();
  const own = () => words().device;
  const yesNo = (is: boolean) => (is ? own().yes : own().no);
  const speed = () => {
    const measured = services.speeds.speed('browser', 'mini');
    return measured === undefined ? own().unmeasured : own().speedTimes(formatNumber(measured, 1, language()));
  };
  const memory = () => {
    const gigabytes = deviceMemoryGigabytes();
    return gigabytes === undefined ? own().unknown : own().atLeast(`${formatNumber(gigabytes, 1, language())} GB`);
  };
  return (
    <div class={styles.part}>
      <h3>{own().ability}</h3>
      <dl class={styles.facts}>
        <Fact name={own().speed} value={speed()} />
        <Fact name={own().simd} value={yesNo(services.browserCapable)} />
        <Fact name={own().isolated} value={yesNo(globalThis.crossOriginIsolated)} />
        <Fact name={own().threads} value={String(navigator.hardwareConcurrency)} />
        <Fact name={own().memory} value={memory()} />
      </dl>
    </div>
  );
}

function Fact(props: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </div>
  );
}
