import type { JSX } from 'solid-js';
import { Notice } from '../../components/notice.tsx';
import { DeviceFullError } from '../../kernel/stored/device-full-error.ts';
import { ProblemNotice } from '../shared/problem-notice.tsx';
import { words } from './words.ts';

/** Says what went wrong with a voice and what to do. */
export function VoiceProblem(props: { readonly error: unknown; readonly actions?: JSX.Element }) {
  return props.error instanceof DeviceFullError ? (
    <Notice kind="problem" title={words().full.title} actions={props.actions}>
      {words().full.advice}
    </Notice>
  ) : (
    <ProblemNotice error={props.error} actions={props.actions} />
  );
}
