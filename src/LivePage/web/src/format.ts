/** What stands in place of a number that is unknown: never 0. */
export const ABSENT = '–';

const MINUS = '\u2212';

function known(value: number | null | undefined): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

function typeset(text: string): string {
  return text.replace(/^-/, MINUS).replace(/e([+-])(\d+)$/, (_, sign: string, digits: string) => `e${sign === '-' ? MINUS : ''}${digits}`);
}

/** A quantity with a number of significant digits; very large and very small ones in exponent form. */
export function quantity(value: number | null | undefined, digits = 3): string {
  if (!known(value)) {
    return ABSENT;
  }
  const size = Math.abs(value);
  if (size !== 0 && (size >= 10 ** Math.max(digits, 5) || size < 1e-3)) {
    return typeset(value.toExponential(digits - 1).replace(/\.?0+e/, 'e'));
  }
  const whole = size >= 1 ? Math.floor(Math.log10(size)) + 1 : 1;
  return typeset(size === 0 ? '0' : size < 1 ? String(Number(value.toPrecision(digits))) : value.toFixed(Math.max(0, digits - whole)));
}

/** A tick of an axis, as short as it is exact. */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3) ? quantity(value) : typeset(String(Number(value.toPrecision(4))));
}

/** A ratio near one, with a fixed number of decimals so that it does not jump about as it changes. */
export function ratio(value: number | null | undefined): string {
  if (!known(value)) {
    return ABSENT;
  }
  return Math.abs(value) < 100 ? typeset(value.toFixed(Math.abs(value) < 10 ? 2 : 1)) : quantity(value);
}

/** A count with its digits grouped by three. */
export function count(value: number | null | undefined): string {
  return known(value) ? typeset(Math.round(value).toString().replace(/\B(?=(\d{3})+$)/g, '\u202f')) : ABSENT;
}

/** A count as short as an axis wants it: 12k, 1.5M. */
export function shortCount(value: number): string {
  const units: [number, string][] = [[1e9, 'G'], [1e6, 'M'], [1e4, 'k']];
  for (const [size, unit] of units) {
    if (Math.abs(value) >= size) {
      const scale = unit === 'k' ? 1e3 : size;
      return typeset(`${Number((value / scale).toPrecision(4))}${unit}`);
    }
  }
  return typeset(String(Number(value.toPrecision(6))));
}

/** A share of one as a percentage. */
export function percent(value: number | null | undefined): string {
  return known(value) ? `${(100 * value).toFixed(1)} %` : ABSENT;
}

/** The time of day of a moment, in the reader's own time zone. */
export function clock(time: string): string {
  const moment = new Date(time);
  if (Number.isNaN(moment.getTime())) {
    return ABSENT;
  }
  return [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
