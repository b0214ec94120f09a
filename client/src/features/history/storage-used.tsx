import { Show } from 'solid-js';
import { formatNumber } from '../../i18n/format.ts';
import { language } from '../../i18n/index.ts';
import { formatBytes } from '../shared/bytes.ts';
import type { HistoryModel } from './history-model.ts';
import styles from './history-page.module.css';
import { words } from './words.ts';

/** How much room the user's recordings take up, on the server and on this device. */
export function StorageUsed(props: { readonly model: HistoryModel }) {
  const size = (bytes: number | null | undefined) =>
    bytes === null || bytes === undefined ? undefined : formatBytes(bytes, language());
  const device = () => props.model.deviceStorage();
  return (
    <ul class={styles.storage} aria-label={words().storage}>
      <Show when={props.model.workspace()}>
        {(workspace) => (
          <li>
            {words().storageServer(size(workspace().usedBytes) ?? '', size(workspace().quotaBytes))}
            <Show when={workspace().keepDays}>
              {(days) => <>, {words().storageKept(formatNumber(days(), 1, language()))}</>}
            </Show>
          </li>
        )}
      </Show>
      <li>{words().storageDevice(size(device().usedBytes) ?? '', size(device().roomBytes))}</li>
    </ul>
  );
}
