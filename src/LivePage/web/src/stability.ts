/** Where a sharpness stands relative to the stability limit of its optimiser. */
export type StabilityBand = 'unknown' | 'calm' | 'approaching' | 'edge' | 'unstable';

/** Borders of the bands. 1 is the stability limit itself; the others are conventions of this monitor. */
export const BORDERS = { approaching: 0.5, edge: 0.9, unstable: 1.2 } as const;

/** Right end of the gauge: at twice the limit (4/η for gradient descent) even catapults stop coming back. */
export const GAUGE_END = 2;

export function bandOf(ratio: number | null | undefined): StabilityBand {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) {
    return 'unknown';
  }
  if (ratio > BORDERS.unstable) {
    return 'unstable';
  }
  if (ratio >= BORDERS.edge) {
    return 'edge';
  }
  return ratio >= BORDERS.approaching ? 'approaching' : 'calm';
}

const WORDS: Record<StabilityBand, string> = {
  unknown: 'not measured yet',
  calm: 'calm',
  approaching: 'approaching',
  edge: 'edge of stability',
  unstable: 'unstable',
};

export function wordOf(band: StabilityBand): string {
  return WORDS[band];
}

/** Place of a ratio on the gauge, 0 at its left end and 1 at its right end. */
export function gaugePosition(ratio: number): number {
  return Math.min(1, Math.max(0, ratio / GAUGE_END));
}

/** What is compared with the limit, by the kind of the comparison. */
export function nameOf(kind: string | undefined): string {
  return kind === 'batch' ? 'batch sharpness' : kind === 'preconditioned' ? 'preconditioned sharpness' : kind === 'scaled' ? 'sharpness scaled by the rates' : 'sharpness';
}
