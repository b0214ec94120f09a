/** This device gives the app no more room, or the app has used up what it allows itself. */
export class DeviceFullError extends Error {
  constructor(options?: { cause?: unknown }) {
    super('device-full', options);
    this.name = 'DeviceFullError';
  }
}

/** What the browser says when its storage is full, as `DeviceFullError`; anything else as it is. */
export function asDeviceFull(error: unknown): unknown {
  const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
  return isFull ? new DeviceFullError({ cause: error }) : error;
}
