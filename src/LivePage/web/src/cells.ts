// The cells of the heat map. All functions are pure.

/** A weight this small, and everything below it, has the faintest shade. */
export const FAINTEST = 1e-6;

/** Shade of a weight, between the faintest and 1. */
export function shade(weight: number): number {
  return 0.14 + 0.86 * Math.min(1, Math.max(0, 1 - Math.log10(weight) / Math.log10(FAINTEST)));
}

/** Borders of columns: halfway between neighbours. */
export function columnBorders(steps: readonly number[]): number[] {
  if (steps.length < 2) {
    return steps.length === 0 ? [] : [steps[0]! - 0.5, steps[0]! + 0.5];
  }
  const middle = (index: number): number => (steps[index - 1]! + steps[index]!) / 2;
  const last = steps.length - 1;
  return [2 * steps[0]! - middle(1), ...steps.slice(1).map((_, index) => middle(index + 1)), 2 * steps[last]! - middle(last)];
}
