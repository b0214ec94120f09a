import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { language } from '../../i18n/index.ts';
import { nameOf } from '../shared/names.ts';
import { words } from './later-words.ts';

/** Notes what is chosen now, to be sent once the server can be reached. */
export function SendLaterButton() {
  const { convert, keeper } = useApp();
  async function note(): Promise<void> {
    const order = convert.currentOrder();
    const [sourceName, voiceName] = [nameOf(order.source, language()), nameOf(order.voice, language())];
    if (await keeper.sendLater(order, { sourceName, voiceName })) convert.dismiss();
  }
  return (
    <Button icon="history" onClick={() => void note()}>
      {words().sendLater}
    </Button>
  );
}

/** Says that it was noted, until something else is converted. */
export function SentLaterRemark() {
  const { convert, keeper } = useApp();
  return (
    <Show when={keeper.hasNoted() && convert.run().phase === 'idle'}>
      <Notice kind="remark" actions={<A href="/history">{words().seeHistory}</A>}>
        {words().sentLater}
      </Notice>
    </Show>
  );
}
