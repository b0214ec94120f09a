let drawn: Promise<void> | undefined;

/** Resolves once the page has been drawn: what can be done without comes after it. Call it first while the page is being put together. */
export function firstPaint(): Promise<void> {
  // The callback runs just before a frame is drawn, the timer after it.
  drawn ??= new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return drawn;
}
