import type { Host, Share } from './fleet.ts';

/**
 * Deals workers out to the hosts that work, in proportion to their cores, at least one each as far as they go. Every host comes
 * to the same answer from the same list, whatever its order, so nobody has to decide for the others.
 *
 * Each worker in turn goes to the host with the fewest for its cores (the method of D'Hondt).
 */
export function divide(total: number, hosts: readonly Pick<Host, 'id' | 'name' | 'works' | 'cores'>[]): Share[] {
  const shares = hosts
    .filter(({ works }) => works)
    .toSorted((a, b) => b.cores - a.cores || (a.id < b.id ? -1 : 1))
    .map(({ id, name, cores }) => ({ id, name, cores, workers: 0 }));
  const burden = ({ workers, cores }: { workers: number; cores: number }) =>
    workers === 0 ? 0 : (workers + 1) / cores;
  for (let dealt = 0; dealt < total && shares.length > 0; dealt++) {
    const next = shares.reduce((least, share) => (burden(share) < burden(least) ? share : least));
    next.workers++;
  }
  return shares.map(({ id, name, workers }) => ({ id, name, workers }));
}
