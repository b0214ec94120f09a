import { A } from '@solidjs/router';
import { For } from 'solid-js';
import { Icon } from '../components/icon.tsx';
import styles from './navigation.module.css';
import { screens } from './screens.ts';
import { words } from './words.ts';

/** Ways to all screens. */
export function Navigation() {
  return (
    <nav class={styles.navigation} aria-label={words().chooseScreen}>
      <For each={screens}>
        {({ path, name, icon }) => (
          <A href={path} end class={styles.link ?? ''}>
            <Icon name={icon} size={18} />
            <span>{words().screens[name]}</span>
          </A>
        )}
      </For>
    </nav>
  );
}
