import type { JSX } from 'solid-js';
import { Notice } from '../../components/notice.tsx';
import { language, t } from '../../i18n/index.ts';
import { problemText } from './problem-text.ts';

/** Says what went wrong and what to do. */
export function ProblemNotice(props: { readonly error: unknown; readonly actions?: JSX.Element }) {
  const text = () => problemText(props.error, t(), language());
  return (
    <Notice kind="problem" title={text().title} actions={props.actions}>
      {text().advice}
    </Notice>
  );
}
