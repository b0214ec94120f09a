import { type JSX, Show, splitProps } from 'solid-js';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { Icon, type IconName } from './icon.tsx';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

type ButtonProps = JSX.ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly look?: Look;
  readonly size?: 'normal' | 'large';
  readonly icon?: IconName;
};

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ['look', 'size', 'icon', 'children', 'class']);
  return (
    <button
      type="button"
      {...rest}
      class={classNames(styles.button, styles[own.look ?? 'plain'], own.size === 'large' && styles.large, own.class)}
    >
      <Show when={own.icon}>{(name) => <Icon name={name()} size={own.size === 'large' ? 22 : 18} />}</Show>
      {own.children}
    </button>
  );
}

/** A round button that shows only a picture; `label` is its name. */
export function RoundButton(
  props: Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label'> & {
    readonly icon: IconName;
    readonly label: string;
    readonly size?: 'small' | 'normal' | 'large';
    readonly look?: 'plain' | 'primary' | 'record';
  },
) {
  const [own, rest] = splitProps(props, ['icon', 'label', 'size', 'look', 'class']);
  const iconSize = () => ({ small: 16, normal: 20, large: 26 })[own.size ?? 'normal'];
  return (
    <button
      type="button"
      {...rest}
      class={classNames(styles.round, styles[own.look ?? 'plain'], styles[`round-${own.size ?? 'normal'}`], own.class)}
      aria-label={own.label}
      title={own.label}
    >
      <Icon name={own.icon} size={iconSize()} />
    </button>
  );
}
