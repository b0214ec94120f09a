import type { BitWriter } from './bit-writer.ts';

/** How a residual is split and coded: 2^partitionOrder parts, one Rice parameter each (RFC 9639, section 9.2.7). */
export interface RicePlan {
  readonly partitionOrder: number;
  readonly parameters: readonly number[];
  readonly bits: number;
}

const maxPartitionOrder = 6;
/** 15 is the escape code of the 4-bit form. */
const maxParameter = 14;

/** Signed to unsigned: 0, −1, 1, −2, … become 0, 1, 2, 3, …; exact beyond 32 bits. */
const fold = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

/** The cheapest plan for the residual of a block, whose first `order` samples are stored apart. */
export function planRice(residual: Int32Array, blockSize: number, order: number): RicePlan {
  let partitionOrder = 0;
  while (
    partitionOrder < maxPartitionOrder &&
    blockSize % 2 ** (partitionOrder + 1) === 0 &&
    blockSize / 2 ** (partitionOrder + 1) > order
  ) {
    partitionOrder++;
  }
  let parts = foldedSums(residual, blockSize, order, partitionOrder);
  let best = planOf(parts, partitionOrder);
  while (partitionOrder > 0) {
    partitionOrder--;
    parts = mergePairs(parts);
    const plan = planOf(parts, partitionOrder);
    if (plan.bits < best.bits) best = plan;
  }
  return best;
}

export function writeResidual(
  writer: BitWriter,
  residual: Int32Array,
  blockSize: number,
  order: number,
  plan: RicePlan,
): void {
  writer.write(0, 2);
  writer.write(plan.partitionOrder, 4);
  const partSize = blockSize >> plan.partitionOrder;
  plan.parameters.forEach((parameter, part) => {
    const divisor = 2 ** parameter;
    writer.write(parameter, 4);
    for (let i = part === 0 ? order : part * partSize; i < (part + 1) * partSize; i++) {
      const folded = fold(residual[i] ?? 0);
      writer.writeUnary(Math.floor(folded / divisor));
      writer.write(folded, parameter);
    }
  });
}

interface Part {
  readonly count: number;
  readonly sum: number;
}

function foldedSums(residual: Int32Array, blockSize: number, order: number, partitionOrder: number): Part[] {
  const partSize = blockSize >> partitionOrder;
  return Array.from({ length: 2 ** partitionOrder }, (_, part) => {
    const start = part === 0 ? order : part * partSize;
    const end = (part + 1) * partSize;
    let sum = 0;
    for (let i = start; i < end; i++) sum += fold(residual[i] ?? 0);
    return { count: end - start, sum };
  });
}

function mergePairs(parts: readonly Part[]): Part[] {
  return Array.from({ length: parts.length / 2 }, (_, i) => {
    const [a, b] = [parts[2 * i], parts[2 * i + 1]];
    return { count: (a?.count ?? 0) + (b?.count ?? 0), sum: (a?.sum ?? 0) + (b?.sum ?? 0) };
  });
}

function planOf(parts: readonly Part[], partitionOrder: number): RicePlan {
  const choices = parts.map(bestParameter);
  const bits = choices.reduce((sum, choice) => sum + choice.bits + 4, 6);
  return { partitionOrder, parameters: choices.map((choice) => choice.parameter), bits };
}

/** With parameter k a value costs 1 + k + floor(value / 2^k) bits; the floors are estimated by the sum. */
function bestParameter({ count, sum }: Part): { parameter: number; bits: number } {
  const mean = count === 0 ? 0 : sum / count;
  const parameter = Math.min(maxParameter, Math.max(0, Math.floor(Math.log2(mean * Math.LN2 + 1e-9) + 1)));
  return {
    parameter,
    bits: count * (1 + parameter) + Math.max(0, sum - (count * (2 ** parameter - 1)) / 2) / 2 ** parameter,
  };
}
