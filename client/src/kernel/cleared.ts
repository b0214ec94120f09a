/** The same in all tabs. */
const channelName = 'giong.cleared';

/** Tells the other tabs that nothing is kept of the user any more. */
export function tellCleared(): void {
  const otherTabs = new BroadcastChannel(channelName);
  otherTabs.postMessage('cleared');
  otherTabs.close();
}

/** Calls back when another tab had everything of the user deleted: what this one holds in memory should go too. */
export function onCleared(onOther: () => void): void {
  new BroadcastChannel(channelName).onmessage = onOther;
}
