/** What a key does while a result is shown. */
type Shortcut = 'toggle' | 'switch' | 'loop-start' | 'loop-end';

/** Elements which have a use for the space bar themselves. */
const pressable = 'button, a, input, select, textarea, summary, label, [role="button"]';
/** Elements into which one types. */
const typeable = 'input:not([type="radio"]):not([type="range"]):not([type="checkbox"]), select, textarea';

/** Space plays and pauses, X switches, brackets begin and end a loop, unless the key belongs to the element that has the focus. */
export function shortcutOf(event: KeyboardEvent): Shortcut | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return undefined;
  const focused = (selector: string) => event.target instanceof Element && event.target.matches(selector);
  if (event.key === ' ' && !focused(pressable)) return 'toggle';
  if (event.key.toLowerCase() === 'x' && !focused(typeable)) return 'switch';
  if (event.key === '[' && !focused(typeable)) return 'loop-start';
  if (event.key === ']' && !focused(typeable)) return 'loop-end';
  return undefined;
}
