import { A } from '@solidjs/router';
import { Notice } from '../components/notice.tsx';
import { words } from './words.ts';

/** An address that no screen has. */
export function NotFoundPage() {
  return (
    <Notice kind="problem" title={words().notFound.title} actions={<A href="/">{words().screens.convert}</A>}>
      {words().notFound.advice}
    </Notice>
  );
}
