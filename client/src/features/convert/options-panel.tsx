import { createSignal, onCleanup, Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Icon } from '../../components/icon.tsx';
import { t } from '../../i18n/index.ts';
import type { ConvertModel } from './convert-model.ts';
import { Options } from './options.tsx';
import styles from './options-panel.module.css';
import { changedCount } from './settings.ts';

/** The choices that most people never need, folded away; made only when somebody looks, as they would hold up the first screen. */
export function OptionsPanel(props: { readonly model: ConvertModel }) {
  const { engines } = useApp();
  const words = () => t().options;
  const changes = () => changedCount(props.model.settings);
  const [wasOpened, setWasOpened] = createSignal(false);

  // Models may come to the server while somebody looks at the choices.
  let stopFollowing: (() => void) | undefined;
  onCleanup(() => stopFollowing?.());
  const toggle = (isOpen: boolean) => {
    if (isOpen) setWasOpened(true);
    stopFollowing?.();
    stopFollowing = isOpen ? engines.follow() : undefined;
  };

  return (
    <details class={styles.panel} onToggle={(event) => toggle(event.currentTarget.open)}>
      <summary class={styles.summary}>
        <Icon name="chevron" size={18} />
        <span>{words().title}</span>
        <span class={styles.state}>{changes() === 0 ? words().defaults : words().changed(changes())}</span>
      </summary>
      <Show when={wasOpened()}>
        <Options model={props.model} />
      </Show>
    </details>
  );
}
