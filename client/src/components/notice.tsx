import type { JSX } from 'solid-js';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import styles from './notice.module.css';

/** Something the user must know; `problem` is announced at once by screen readers. */
export function Notice(props: {
  readonly kind: 'problem' | 'remark';
  readonly title?: string;
  readonly children: JSX.Element;
  readonly actions?: JSX.Element;
}) {
  return (
    <div
      class={classNames(styles.notice, props.kind === 'problem' && styles.problem)}
      role={props.kind === 'problem' ? 'alert' : 'status'}
    >
      <Icon name="alert" />
      <div class={styles.body}>
        {props.title && <p class={styles.title}>{props.title}</p>}
        <div>{props.children}</div>
        {props.actions && <div class={styles.actions}>{props.actions}</div>}
      </div>
    </div>
  );
}
