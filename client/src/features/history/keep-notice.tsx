import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import { useApp } from '../../app-context.ts';
import { Notice } from '../../components/notice.tsx';
import { words } from './words.ts';

/** Says that something could not be kept on this device, and what to do. */
export function KeepNotice() {
  const { keeper } = useApp();
  return (
    <Show when={keeper.problem()}>
      {(problem) => (
        <Notice kind="problem" title={words().notKept.title} actions={<A href="/history">{words().notKept.open}</A>}>
          {words().notKept[problem()]}
        </Notice>
      )}
    </Show>
  );
}
