import type uPlot from 'uplot';
import { shortCount, tickLabel } from '../format';
import { extent, linearRange, logRange, logTicks, symlogRange, symlogTicks } from '../scale';
import type { Theme } from '../theme';
import { axis } from './chart';

/** Least distance of two tick labels along a horizontal and a vertical axis, in CSS pixels. */
const GAP_ACROSS = 42;
const GAP_UP = 26;

/** Horizontal axis of training steps. */
export function stepAxis(theme: Theme): uPlot.Axis {
  return axis(theme, { label: 'step', space: 70, size: 26, incrs: WHOLE_STEPS, values: (_, ticks) => ticks.map(shortCount) });
}

const WHOLE_STEPS: number[] = [];
for (let decade = 1; decade <= 1e12; decade *= 10) {
  WHOLE_STEPS.push(decade, 2 * decade, 5 * decade);
}

/** Scale of training steps that spans what every chart over steps has to show, so that they line up. */
export function stepScale(steps: () => [number, number]): uPlot.Scale {
  return {
    time: false,
    range: (plot, min, max) => {
      // While the reader zooms, the zoom's own limits come in; else those of this chart's data.
      const data = plot.data[0];
      const whole = data === undefined || data.length === 0 || (min === data[0] && max === data[data.length - 1]);
      const [low, high] = steps();
      return whole ? (low < high ? [low, high] : [low - 1, low + 1]) : [min, max];
    },
  };
}

/** Vertical scale, linear or logarithmic, that fits the data. */
export function valueScale(logarithmic: boolean): uPlot.Scale {
  return logarithmic
    ? { distr: 3, range: (_, min, max) => (min === null || max === null ? [0.1, 1] : logRange(min, max)) }
    : { distr: 1, range: (_, min, max) => (min === null || max === null ? [0, 1] : linearRange(min, max)) };
}

/** Vertical axis, linear or logarithmic. */
export function valueAxis(theme: Theme, logarithmic: boolean, more: uPlot.Axis = {}): uPlot.Axis {
  const common: uPlot.Axis = { size: 52, values: (_, ticks) => ticks.map((tick) => tickLabel(tick)), ...more };
  return axis(theme, logarithmic
    ? { ...common, splits: (plot, _, min, max) => logTicks(min, max, plot.bbox.height / devicePixelRatio / GAP_UP), filter: (_, ticks) => ticks }
    : { ...common, space: 34 });
}

/** Horizontal scale of eigenvalues: linear, or symmetric logarithmic beyond ±threshold. */
export function eigenvalueScale(limits: () => [number, number], threshold: number | null): uPlot.Scale {
  const fit = (plot: uPlot, min: number, max: number): [number, number] => {
    const data = plot.data[0];
    const whole = data === undefined || data.length === 0 || (min === data[0] && max === data[data.length - 1]);
    const [low, high] = whole ? limits() : [min, max];
    if (!whole) {
      return [low, high];
    }
    return threshold === null ? linearRange(low, high) : symlogRange(low, high, threshold);
  };
  return threshold === null ? { time: false, range: fit } : { time: false, distr: 4, asinh: threshold, range: fit };
}

/** Vertical scale of eigenvalues, symmetric logarithmic beyond ±threshold. */
export function symmetricScale(limits: () => [number, number], threshold: number): uPlot.Scale {
  return { distr: 4, asinh: threshold, range: () => symlogRange(...limits(), threshold, 0.03) };
}

/** Horizontal axis of eigenvalues. */
export function eigenvalueAxis(theme: Theme, threshold: number | null): uPlot.Axis {
  const common: uPlot.Axis = { label: 'eigenvalue', size: 26, values: (_, ticks) => ticks.map((tick) => tickLabel(tick)) };
  return axis(theme, threshold === null
    ? { ...common, space: 70 }
    : {
        ...common,
        splits: (plot, _, min, max) => symlogTicks(min, max, threshold, GAP_ACROSS * devicePixelRatio / plot.bbox.width),
        filter: (_, ticks) => ticks,
      });
}

/** First and last step of several columns of steps. */
export function stepLimits(...columns: readonly (readonly number[])[]): [number, number] {
  return extent(columns.flatMap((column) => (column.length === 0 ? [] : [column[0]!, column[column.length - 1]!]))) ?? [0, 1];
}
