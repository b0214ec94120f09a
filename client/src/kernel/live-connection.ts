import type { LiveMessage } from '#server/http/api-types.ts';
import { backoffMilliseconds } from './backoff.ts';

/** What the connection needs of a `WebSocket`. */
export interface LiveSocket {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  close(): void;
}

export interface LiveDependencies {
  readonly openSocket: () => LiveSocket;
  /** Calls `action` after a time; the answer takes it back. */
  readonly after: (milliseconds: number, action: () => void) => () => void;
  /** A number in 0..1. */
  readonly random: () => number;
}

export interface LiveListener {
  onMessage(message: LiveMessage): void;
  /**
   * What happened meanwhile may have been missed: ask the API. Comes after every connection made, and after every try that failed, so
   * that a listener learns of the end of its job even where WebSockets never get through.
   */
  onResync?(): void;
  onConnected?(connected: boolean): void;
}

export interface LiveConnection {
  /** Starts listening, and connects if nobody was; the answer stops. The last one to stop closes the connection. */
  listen(listener: LiveListener): () => void;
}

/** Job news over one WebSocket, which is kept open while somebody listens and comes back by itself when it breaks. */
export function createLiveConnection({ openSocket, after, random }: LiveDependencies): LiveConnection {
  const listeners = new Set<LiveListener>();
  let socket: LiveSocket | undefined;
  let takeBackRetry: (() => void) | undefined;
  let failedTries = 0;

  function connect(): void {
    const opened = openSocket();
    socket = opened;
    opened.onopen = () => {
      failedTries = 0;
      for (const listener of listeners) listener.onConnected?.(true);
      for (const listener of listeners) listener.onResync?.();
    };
    opened.onmessage = ({ data }) => {
      const message = parseMessage(data);
      if (message) for (const listener of listeners) listener.onMessage(message);
    };
    opened.onclose = () => {
      if (socket !== opened) return;
      socket = undefined;
      for (const listener of listeners) listener.onConnected?.(false);
      for (const listener of listeners) listener.onResync?.();
      takeBackRetry = after(backoffMilliseconds(failedTries, random()), connect);
      failedTries += 1;
    };
  }

  function disconnect(): void {
    takeBackRetry?.();
    takeBackRetry = undefined;
    const closing = socket;
    socket = undefined;
    failedTries = 0;
    closing?.close();
  }

  return {
    listen(listener) {
      listeners.add(listener);
      if (listeners.size === 1) connect();
      return () => {
        if (listeners.delete(listener) && listeners.size === 0) disconnect();
      };
    },
  };
}

function parseMessage(data: unknown): LiveMessage | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}

/** The browser's side of `createLiveConnection`, for the server at this page's own address. */
export function browserLiveDependencies(language: () => string): LiveDependencies {
  return {
    openSocket: () => {
      const url = new URL(`/ws?language=${language()}`, location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      return new WebSocket(url);
    },
    after: (milliseconds, action) => {
      const timer = setTimeout(action, milliseconds);
      return () => clearTimeout(timer);
    },
    random: Math.random,
  };
}
