import { Button } from '../../components/button.tsx';
import { t } from '../../i18n/index.ts';
import styles from './new-version-notice.module.css';
import type { OfflineModel } from './offline-model.ts';

/** Says quietly that there is a newer version of the app; the user decides when to load it. */
export function NewVersionNotice(props: { readonly offline: OfflineModel }) {
  return (
    <div class={styles.notice} role="status">
      <p>{t().offline.newVersion}</p>
      <Button look="quiet" icon="retry" onClick={props.offline.loadNewVersion}>
        {t().offline.reload}
      </Button>
    </div>
  );
}
