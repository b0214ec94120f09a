import type { Resource } from 'solid-js';

/**
 * What a resource has brought, undefined before; while it is asked for again, still the last answer. Calling the resource itself would
 * take the whole screen away until the answer is there: the screens stand in one `Suspense`, which is for their code.
 */
export function arrived<T>(resource: Resource<T>): T | undefined {
  return resource.state === 'ready' || resource.state === 'refreshing' ? resource.latest : undefined;
}

/** The same, but undefined again while the resource is asked for something else. */
export function arrivedFresh<T>(resource: Resource<T>): T | undefined {
  return resource.state === 'ready' ? resource.latest : undefined;
}
