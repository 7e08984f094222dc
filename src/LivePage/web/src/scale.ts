// Ranges and ticks of the axes. All functions are pure.

/** Smallest and largest of the finite numbers for which `keep` holds, or null where there is none. */
export function extent(values: Iterable<number | null | undefined>, keep: (value: number) => boolean = () => true): [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value !== null && value !== undefined && Number.isFinite(value) && keep(value)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : null;
}

/** A linear range with a margin on both sides; a single value gets a range around it. */
export function linearRange(low: number, high: number, margin = 0.06): [number, number] {
  const span = high - low;
  if (span <= 0) {
    const half = Math.abs(low) > 0 ? Math.abs(low) * 0.5 : 1;
    return [low - half, high + half];
  }
  return [low - margin * span, high + margin * span];
}

/** A range on a logarithmic axis with a margin on both sides, at least half a decade wide. */
export function logRange(low: number, high: number, margin = 0.06): [number, number] {
  let from = Math.log10(low);
  let to = Math.log10(high);
  const missing = 0.5 - (to - from);
  if (missing > 0) {
    from -= missing / 2;
    to += missing / 2;
  }
  const pad = margin * (to - from);
  return [10 ** (from - pad), 10 ** (to + pad)];
}

function power(exponent: number): number {
  // The literal is the closest number; 10 ** -5 is one rounding off.
  return Number(`1e${exponent}`);
}

/** Ticks of a logarithmic axis, about `wanted` of them: 1-2-5 in each decade where there is room, else (every n-th) decade. */
export function logTicks(low: number, high: number, wanted: number): number[] {
  const decades = Math.log10(high / low);
  const multiples = decades * 3 <= wanted ? [1, 2, 5] : decades * 2 <= wanted ? [1, 3] : [1];
  const stride = Math.max(1, Math.ceil(decades / Math.max(1, wanted)));
  const ticks: number[] = [];
  for (let exponent = Math.floor(Math.log10(low)); exponent <= Math.ceil(Math.log10(high)); exponent++) {
    if (exponent % stride !== 0) {
      continue;
    }
    for (const multiple of multiples) {
      const tick = multiple * power(exponent);
      if (tick >= low && tick <= high) {
        ticks.push(Number(tick.toPrecision(3)));
      }
    }
  }
  return ticks;
}

/** Place of a value on a symmetric logarithmic axis that is linear within ±threshold: asinh(value / threshold). */
export function symlog(value: number, threshold: number): number {
  return Math.asinh(value / threshold);
}

/** The value at a place of a symmetric logarithmic axis. */
export function symexp(place: number, threshold: number): number {
  return Math.sinh(place) * threshold;
}

/** A range on a symmetric logarithmic axis with a margin on both sides. */
export function symlogRange(low: number, high: number, threshold: number, margin = 0.05): [number, number] {
  const [from, to] = linearRange(symlog(low, threshold), symlog(high, threshold), margin);
  return [symexp(from, threshold), symexp(to, threshold)];
}

/** Ticks of a symmetric logarithmic axis: 0 and signed powers of ten from the threshold on, thinned to keep `gap` between neighbours on the unit axis. */
export function symlogTicks(low: number, high: number, threshold: number, gap: number): number[] {
  const from = symlog(low, threshold);
  const span = symlog(high, threshold) - from;
  const first = Math.ceil(Math.log10(threshold) - 1e-9);
  const last = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high), threshold)) + 1e-9);
  const place = (value: number): number => (symlog(value, threshold) - from) / span;
  const ticks = low <= 0 && high >= 0 ? [0] : [];
  // From the outside in: the largest power of each sign is the one that a reader wants most.
  for (let exponent = last; exponent >= first; exponent--) {
    for (const tick of [power(exponent), -power(exponent)]) {
      if (tick >= low && tick <= high && ticks.every((other) => Math.abs(place(other) - place(tick)) >= gap)) {
        ticks.push(tick);
      }
    }
  }
  return ticks.sort((a, b) => a - b);
}

/** The linear part of a symmetric logarithmic axis: a power of ten, three decades below the largest magnitude. */
export function symlogThreshold(low: number, high: number): number {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  return largest > 0 ? power(Math.floor(Math.log10(largest)) - 3) : 1;
}
