import type { MiddlewareHandler } from 'hono';
import { InputError } from '#core/errors.ts';
import type { Config } from '../../config.ts';
import type { ApiKeyRepository } from '../../data/api-keys.ts';
import type { SessionRepository } from '../../data/sessions.ts';
import { adminWorkspace, hasAdminKey } from '../admin.ts';
import { bearerOf } from '../bearer.ts';
import type { AppContext, AppEnv, Visitor } from '../context.ts';
import type { Forwarding } from '../forwarding.ts';
import { SessionCookie } from '../session-cookie.ts';

export interface VisitorParts {
  readonly sessions: SessionRepository;
  readonly apiKeys: ApiKeyRepository;
  readonly config: Pick<Config, 'adminKey'>;
}

/** Knows the visitor by a key, or else by the session's cookie, of which nothing is looked up or made until a route asks. */
export function visitor(
  { sessions, apiKeys, config }: VisitorParts,
  forwarding: Forwarding,
): MiddlewareHandler<AppEnv> {
  const cookie = new SessionCookie(forwarding);
  return async (c, next) => {
    const key = bearerOf(c);
    if (key !== undefined) {
      c.set('visitor', await visitorByKey(c, key, apiKeys, config));
      return next();
    }
    const session = new SessionVisitor(sessions, cookie.read(c));
    c.set('visitor', session);
    await next();
    // Set last: an answer that brings its own headers would lose it.
    if (session.change === 'forget') cookie.remove(c);
    else if (session.change) cookie.write(c, session.change.token);
  };
}

/** Refuses who came with a key that opens nothing, on whatever route. Comes after the rate limits, so that guesses are counted. */
export const knownKeysOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.var.visitor.access === 'refused') throw new InputError('unauthorized');
  await next();
};

async function visitorByKey(
  c: AppContext,
  key: string,
  apiKeys: ApiKeyRepository,
  config: Pick<Config, 'adminKey'>,
): Promise<Visitor> {
  if (hasAdminKey(c, config)) return visitorOf('admin', adminWorkspace, 'admin', async () => true);
  const isStillKnown = async () => (await apiKeys.open(key)) !== undefined;
  const row = await apiKeys.open(key);
  if (row) return visitorOf('key', row.workspace_id, row.priority, isStillKnown);
  return {
    access: 'refused',
    priority: 'normal',
    find: async () => undefined,
    workspace: () => Promise.reject(new InputError('unauthorized')),
    isStillKnown: async () => false,
    forget: async () => {},
  };
}

function visitorOf(
  access: 'admin' | 'key',
  workspaceId: string,
  priority: Visitor['priority'],
  isStillKnown: Visitor['isStillKnown'],
): Visitor {
  const workspace = async () => workspaceId;
  // A key is revoked, not forgotten.
  return { access, priority, find: workspace, workspace, isStillKnown, forget: async () => {} };
}

class SessionVisitor implements Visitor {
  readonly access = 'session';
  readonly priority = 'normal';
  /** What the answer's cookie must say; undefined leaves it as it is. */
  change: { readonly token: string } | 'forget' | undefined;
  readonly #sessions: SessionRepository;
  readonly #token: string | undefined;
  #found: Promise<string | undefined> | undefined;

  constructor(sessions: SessionRepository, token: string | undefined) {
    this.#sessions = sessions;
    this.#token = token;
  }

  find(): Promise<string | undefined> {
    this.#found ??= this.#open();
    return this.#found;
  }

  async workspace(): Promise<string> {
    return (await this.find()) ?? this.#create();
  }

  async isStillKnown(): Promise<boolean> {
    return this.#token !== undefined && this.#sessions.isOpen(this.#token);
  }

  async forget(): Promise<void> {
    if (this.#token !== undefined) await this.#sessions.forget(this.#token);
    this.#found = Promise.resolve(undefined);
    this.change = 'forget';
  }

  async #open(): Promise<string | undefined> {
    const opened = this.#token === undefined ? undefined : await this.#sessions.open(this.#token);
    if (opened?.successor !== undefined) this.change = { token: opened.successor };
    return opened?.workspaceId;
  }

  async #create(): Promise<string> {
    const { token, workspaceId } = await this.#sessions.create();
    this.change = { token };
    this.#found = Promise.resolve(workspaceId);
    return workspaceId;
  }
}
